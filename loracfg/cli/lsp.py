"""`loracfg lsp`: the language server for editors."""

from __future__ import annotations

import sys

import click

from loracfg.cli.choices import with_settings


@with_settings
@click.command()
@click.option("--stdio", is_flag=True, hidden=True, expose_value=False)  # which some editors pass
def lsp() -> None:
    """Run the language server, which editors start and speak to on standard input and output.

    It shows what `validate` and `plan` find while you type in an adapter_config.json, a trainer's
    file or a loracfg.toml, completes the names of modules of the base, and offers repairs. It never
    downloads anything. docs/lsp.md says how to set up an editor.

    \b
    Examples:
      loracfg lsp
      loracfg lsp --isolated
    """  # noqa: D301  # \b is the character by which click keeps lines
    from loracfg.cli.choices import chosen_by_variables, chosen_file
    from loracfg.errors import LoracfgError

    try:
        from loracfg.lsp.language_server import serve_editor
    except ImportError:
        raise LoracfgError(
            "`loracfg lsp` needs the extra `lsp`", "run `pip install 'loracfg[lsp]'`"
        ) from None
    from loracfg.lsp.project_lookup import ProjectLookup

    file, is_isolated = chosen_file()
    project = ProjectLookup(file, is_isolated=is_isolated, given=chosen_by_variables())
    sys.exit(serve_editor(project))
