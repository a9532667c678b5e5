"""The format of a report: from `?format=`, else from `Accept`, else JSON."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Final

from fastapi import Query
from loracfg_api.accepted import preferred
from loracfg_api.problems import ProblemError
from starlette.requests import Request

from loracfg.report.formats import FORMATS, Format

_JSON_FIRST: Final = sorted(FORMATS.values(), key=lambda one: one.name != "json")
_ACCEPTED: Final = {one.media_type: one for one in _JSON_FIRST if one.by_accept}

_KEPT: Final = 64
"""How many values of `Accept` are cached; most clients send one."""


def _only_formats(schema: dict[str, Any]) -> None:
    """Restrict a schema to the names of the formats, without null."""
    schema.pop("anyOf", None)
    schema |= {"type": "string", "enum": [*FORMATS]}


FormatName = Annotated[
    str | None,
    Query(
        description="Format of the report (default: from `Accept`).",
        json_schema_extra=_only_formats,
    ),
]


def wanted_format(request: Request, name: str | None) -> Format:
    """Return the format that a request asks for.

    Args:
        request: the request.
        name: the format in the query.

    Raises:
        ProblemError: if the format is unknown.
    """
    if name is None:
        return _accepted(",".join(request.headers.getlist("accept")))
    if name not in FORMATS:
        message = f"unknown format `{name[:80]}`"
        raise ProblemError(422, message, f"use one of {', '.join(FORMATS)}")
    return FORMATS[name]


@lru_cache(_KEPT)
def _accepted(accept: str) -> Format:
    """Return the format of the preferred media type, or JSON if the client accepts none."""
    media_type = preferred(accept, _ACCEPTED)
    return FORMATS["json"] if media_type is None else _ACCEPTED[media_type]
