"""One renderer per output format; only the module of the format in use is imported."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from loracfg.report.formats import FORMATS

if TYPE_CHECKING:
    from loracfg.report.render.stream import Stream
    from loracfg.report.report import Report


def stream_of(format: str, *, color: bool = False, quiet: bool = False) -> Stream | None:  # noqa: A002  # as on the command line
    """Return a format that is written in pieces; None if it is one document.

    With `quiet`, formats for people have only the findings.
    """
    wanted = FORMATS[format]
    if not wanted.in_pieces:
        return None
    stream: Stream = _module(wanted.module).STREAM(color=color, quiet=quiet)
    return stream


def render(report: Report, format: str, *, color: bool = False) -> str:  # noqa: A002  # as on the command line
    """Return the report in one of `FORMATS`, ending with a line feed unless it is empty.

    `color` only has an effect on formats for terminals.

    Raises:
        ValueError: the format does not exist.
    """
    if format not in FORMATS:
        raise ValueError(f"`{format}` is not a format; use one of {', '.join(FORMATS)}")
    if stream := stream_of(format, color=color):
        from loracfg.report.report import Tally

        pieces = filter(None, map(stream.piece, report.adapters))
        listed = stream.between.join(pieces)
        return stream.opening(report.tool_version) + listed + stream.closing(Tally(report.adapters))
    text: str = _module(FORMATS[format].module).render(report)
    return text


@cache
def _module(name: str) -> ModuleType:
    return import_module(f"{__name__}.{name}")
