"""The format of a report: by `?format=`, else by `Accept`, else JSON."""

from __future__ import annotations

from typing import Final

from loracfg_api.problems import ProblemError
from starlette.requests import Request

from loracfg.report.formats import FORMATS, Format

_ACCEPTED: Final = {one.media_type: one for one in FORMATS.values() if one.by_accept}


def wanted_format(request: Request) -> Format:
    """Return the format that a request asks for.

    Raises:
        ProblemError: if there is none of that name.
    """
    named = request.query_params.get("format")
    if named is None:
        return _accepted(request.headers.get("accept", ""))
    if named not in FORMATS:
        message = f"the format is `{named[:80]}`, not one of {', '.join(FORMATS)}"
        raise ProblemError(422, message, "give one of them")
    return FORMATS[named]


def _accepted(accept: str) -> Format:
    """Return the format of the most wanted media type that there is one of."""
    best, weight = FORMATS["json"], 0.0
    for entry in accept.split(","):
        media_type, *parameters = (part.strip().lower() for part in entry.split(";"))
        found = _ACCEPTED.get(media_type)
        if found and (own := _weight(parameters)) > weight:
            best, weight = found, own
    return best


def _weight(parameters: list[str]) -> float:
    given = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return float(given)
    except ValueError:
        return 0.0
