"""Options that several commands share."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

C = TypeVar("C", bound=Callable[..., Any])

_URL: Final = r"(?i)\s*([A-Za-z][A-Za-z0-9+.-]+://|https?:/)"


def text_or_json(help_text: str) -> Callable[[C], C]:
    """Return the option `--format` (`format_name`) of commands that print text or JSON."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help=help_text,
    )


def split_codes(given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the single rule codes or names of all `--select` or `--ignore` options."""
    return tuple(code.strip() for entry in given for code in entry.split(",") if code.strip())


def warn_of_preview(select: tuple[str, ...], help_text: str) -> None:
    """Warn about each entry of `--select` whose rules do not run, since they are in preview."""
    from loracfg.rules.choice import only_in_preview

    for entry in only_in_preview(select):
        message = f"`--select {entry}` only selects rules in preview, which do not run"
        click.echo(f"loracfg: warning: {message}; {help_text}", err=True)


class LocalPath(click.Path):
    """A file or folder on this machine.

    A URL would be taken for one with an odd name, and an empty text for the current folder.
    """

    name = "path"

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Refuse a URL and an empty text; else, return the path."""
        if not os.fspath(value):
            raise _empty_path(param)
        if re.match(_URL, f"{value}"):
            self.fail("must be a path on this machine, not a URL", param, ctx)
        return super().convert(value, param, ctx)


def empty_value(name: str, *, is_needed: bool = False) -> LoracfgError:
    """Return the error of an option or argument with an empty value.

    Args:
        name: its name.
        is_needed: whether it cannot be left out.
    """
    advice = "pass one" if is_needed else "leave it out, or pass one"
    return LoracfgError(f"`{name}` has an empty value", advice)


def _empty_path(param: click.Parameter | None) -> LoracfgError:
    if param is None:
        return empty_value("path", is_needed=True)
    name = param.opts[0] if isinstance(param, click.Option) else param.human_readable_name
    return empty_value(name, is_needed=param.required)


def finite(_: click.Context, __: click.Parameter, value: float | None) -> float | None:
    """Refuse `nan`, which click takes for a number in every range, and infinity."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(f"`{value}` is not a finite number")
    return value


_MOST_JOBS: Final = 999


def number_of_jobs(_: click.Context, __: click.Parameter, value: str) -> int:
    """Read a number of processes; 0 and `auto` stand for one per core."""
    if value == "auto":
        return 0
    if not (value.isascii() and value.isdigit()):
        raise click.BadParameter(f"`{value}` is neither a number of processes nor `auto`")
    if len(value.lstrip("0")) > len(f"{_MOST_JOBS}"):
        raise click.BadParameter(f"at most {_MOST_JOBS} processes can be started")
    return int(value.lstrip("0") or "0")  # Python reads no thousands of digits


def complete_files(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """Have the shell complete a path, for options that take other things too."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(begun, type="file")]
