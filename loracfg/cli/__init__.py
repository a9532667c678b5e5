"""The command line: one file per command, each importing only what it runs."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from itertools import takewhile
from typing import Final

import click

from loracfg.crash import VARIABLE, place_of, show_traceback, words
from loracfg.errors import LoracfgError
from loracfg.urls import redacted
from loracfg.version import __version__

_COLLECT_AFTER: Final = 200_000
"""Objects between garbage collections; Python's default of 700 costs a tenth of a short run."""


_INTERRUPTED: Final = 130
"""The status after Ctrl-C, as of a shell."""
_EXTENSION: Final = ("hf-loracfg", "hf-loracfg.exe")
_COMMANDS: Final = (
    "audit",
    "base",
    "compat",
    "config",
    "deploy",
    "diff",
    "editor",
    "explain",
    "fix",
    "inspect",
    "lsp",
    "migrate",
    "page",
    "plan",
    "rules",
    "schema",
    "serve",
    "validate",
)
"""The commands; each is in the module of the same name."""


def _debug(_: click.Context, __: click.Parameter, wanted: bool) -> None:
    if wanted:
        os.environ[VARIABLE] = "1"  # child processes read it too


def _with_debug(command: click.Command) -> click.Command:
    """Add the option `--debug` to a command and its subcommands."""
    help_text = "Print the traceback if loracfg fails (or set LORACFG_DEBUG=1)."
    option = click.Option(
        ["--debug"], is_flag=True, expose_value=False, callback=_debug, help=help_text
    )
    command.params.append(option)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _with_debug(below)
    return command


def _refuse_files_as_options(arguments: Iterable[str]) -> None:
    """Refuse options that are names of files here: a hook passes the names of all files.

    Raises:
        click.UsageError: an option is also a file.
    """
    for text in takewhile(lambda argument: argument != "--", arguments):
        if text.startswith("-") and text != "-" and os.path.lexists(text):
            from loracfg.report.render.words import visible

            shown = visible(text)
            raise click.UsageError(f"`{shown}` is also a file here: write `./{shown}` for the file")


class _Commands(click.Group):
    """A group that imports its commands on demand."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _refuse_files_as_options(args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:  # it quotes what the user passed
            said = error.format_message()
            if (shown := redacted(said)) == said:
                raise
            raise click.UsageError(shown, error.ctx) from None
        except KeyboardInterrupt:  # click would end with 1, which stands for findings
            sys.exit(_INTERRUPTED)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        # For an unknown name, click suggests similar ones.
        for name in (cmd_name,) if cmd_name in _COMMANDS else _COMMANDS:
            if name not in self.commands:
                command = getattr(import_module(f"{__name__}.{name}"), name)
                self.add_command(_with_debug(command))
        return self.commands.get(cmd_name)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 no findings, 1 findings, 2 usage error or unreadable input.",
)
@click.version_option(__version__, prog_name="loracfg")
def loracfg() -> None:
    """Validate LoRA adapters against their base model."""


_with_debug(loracfg)


def run() -> None:
    """Run the command line and end the process without Python's shutdown.

    Shutdown takes a seventh of a short run, and nothing is left to close by then.
    """
    os.environ["PYTHONSAFEPATH"] = "1"  # what this process starts, libraries' workers too
    status = 0
    try:
        main()
    except SystemExit as ending:
        status = int(ending.code or 0)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(status)


def _program() -> str:
    """Return what the user runs: `hf loracfg` starts the program under another name."""
    return "hf loracfg" if os.path.basename(sys.argv[0]) in _EXTENSION else "loracfg"  # noqa: PTH119


def main() -> None:
    """Run the command line; a failure prints one line instead of a traceback."""
    gc.set_threshold(_COLLECT_AFTER)
    try:
        loracfg(prog_name=_program())
    except LoracfgError as error:
        show_traceback(error)
        fail(f"{error.message}" + (f"; {error.help}" if error.help else ""))
    except OSError as error:
        show_traceback(error)
        fail(error.strerror or f"{error}")
    except Exception as error:
        show_traceback(error)
        defect = f"internal error in `{place_of(error)}`: `{words(error)}`"
        fail(f"{defect}; please report it with the traceback that `--debug` prints")


def fail(message: str) -> None:
    """Print one line on standard error and exit with status 2."""
    from loracfg.report.render.words import visible

    click.echo(f"loracfg: {visible(message)}", err=True)
    sys.exit(2)
