"""One renderer per output format; only the module of the format in use is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from loracfg.report.report import Report

_MODULES: Final = {
    "text": "text",
    "concise": "concise",
    "json": "json_",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
}

FORMATS: Final[tuple[str, ...]] = tuple(_MODULES)


def render(report: Report, format: str, *, color: bool = False) -> str:  # noqa: A002  # as on the command line
    """Return the report in one of `FORMATS`, ending with a line feed unless it is empty.

    `color` is for `text`; the other formats have none.

    Raises:
        ValueError: if there is no such format.
    """
    if format not in _MODULES:
        raise ValueError(f"the format is `{format}`, not one of {', '.join(FORMATS)}")
    module = import_module(f"{__name__}.{_MODULES[format]}")
    text: str = module.render(report, color=color) if format == "text" else module.render(report)
    return text
