"""`loracfg page`: the page as static files, for any web server or none."""

from __future__ import annotations

from pathlib import Path

import click

from loracfg.cli.options import LocalPath


@click.command()
@click.option(
    "--output",
    required=True,
    type=LocalPath(path_type=Path),
    metavar="DIR",
    help="Write the page to this folder, which is new, empty or has an earlier page.",
)
@click.option(
    "--pyodide",
    type=LocalPath(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Folder of the unpacked npm package `pyodide`.  [default: from npm, once]",
)
@click.option(
    "--wheels",
    type=LocalPath(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Folder with the wheels of pydantic.  [default: from PyPI, once]",
)
@click.option(
    "--no-compile",
    is_flag=True,
    help="Leave out the step that needs node; the page is larger and starts more slowly.",
)
@click.option(
    "--hub",
    default="https://huggingface.co",
    show_default=True,
    envvar="HF_ENDPOINT",
    show_envvar=True,
    metavar="URL",
    help="Hub that readers may let the page ask.",
)
@click.option(
    "--hub-files",
    multiple=True,
    metavar="ORIGIN",
    help="Server to which that Hub redirects, e.g. `https://cdn.example.org`; may be repeated.  "
    "[default: those of huggingface.co]",
)
@click.option("--no-hub", is_flag=True, help="Never let the page ask a Hub.")
def page(
    output: Path,
    pyodide: Path | None,
    wheels: Path | None,
    no_compile: bool,
    hub: str,
    hub_files: tuple[str, ...],
    no_hub: bool,
) -> None:
    """Write the page that checks adapters in the browser, without a server.

    The page contains Python, loracfg and pydantic. It asks no other host for anything, unless a
    reader lets it read an adapter from the Hub. What other projects contribute is downloaded with
    npm and pip, checked against known digests, and kept in ~/.cache/loracfg/page.

    \b
    Examples:
      loracfg page --output site
      loracfg page --output site --pyodide package --wheels wheels
      loracfg page --output site --hub https://hub.example.org
    """  # noqa: D301  # \b is the character by which click keeps lines
    from importlib import import_module

    from loracfg.cli.output import write
    from loracfg.errors import LoracfgError

    writing, projects, places = (
        import_module(f"loracfg_api.static_page.{name}")
        for name in ("page_files", "other_projects", "hub_place")
    )
    place = None if no_hub else places.hub_place(hub, hub_files)
    if not (no_compile or import_module("loracfg_api.static_page.compiled_code").has_node()):
        message = "node is not installed, so the code of the page cannot be compiled"
        raise LoracfgError(message, "install node, or pass `--no-compile`")
    parts = writing.OtherProjects(projects.pyodide_folder(pyodide), projects.wheel_files(wheels))
    content = writing.page_files(parts, compiles=not no_compile, hub=place)
    writing.write_page(content, output)
    megabytes = sum(map(len, content.values())) / 1e6
    write(f"{output}: {len(content)} files, {megabytes:.1f} MB\n", None)
