"""One renderer per output format; only the module of the format in use is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from loracfg.report.formats import FORMATS

if TYPE_CHECKING:
    from loracfg.report.report import Report


def render(report: Report, format: str, *, color: bool = False) -> str:  # noqa: A002  # as on the command line
    """Return the report in one of `FORMATS`, ending with a line feed unless it is empty.

    `color` is for formats that terminals show; the others have none.

    Raises:
        ValueError: if there is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"the format is `{format}`, not one of {', '.join(FORMATS)}")
    wanted = FORMATS[format]
    module = import_module(f"{__name__}.{wanted.module}")
    text: str = (
        module.render(report, color=color) if wanted.for_terminals else module.render(report)
    )
    return text
