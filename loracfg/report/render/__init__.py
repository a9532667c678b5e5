"""One renderer per output format; only the module of the format in use is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from loracfg.report.formats import FORMATS

if TYPE_CHECKING:
    from loracfg.report.report import Report


def render(report: Report, format: str, *, color: bool = False) -> str:  # noqa: A002  # as on the command line
    """Return the report in one of `FORMATS`, ending with a line feed unless it is empty.

    `color` only has an effect on formats for terminals.

    Raises:
        ValueError: the format does not exist.
    """
    if format not in FORMATS:
        raise ValueError(f"`{format}` is not a format; use one of {', '.join(FORMATS)}")
    wanted = FORMATS[format]
    module = import_module(f"{__name__}.{wanted.module}")
    text: str = (
        module.render(report, color=color) if wanted.for_terminals else module.render(report)
    )
    return text
