"""The format of a report: by `?format=`, else by `Accept`, else JSON."""

from __future__ import annotations

from typing import Final

from loracfg_api.problems import ProblemError
from starlette.requests import Request

from loracfg.report.render import FORMATS

MEDIA_TYPES: Final = {
    "json": "application/json",
    "sarif": "application/sarif+json",
    "text": "text/plain; charset=utf-8",
    "concise": "text/plain; charset=utf-8",
    "github": "text/plain; charset=utf-8",
    "gitlab": "application/json",
    "junit": "application/xml",
}
_ACCEPTED: Final = {
    "application/json": "json",
    "application/sarif+json": "sarif",
    "text/plain": "text",
    "application/xml": "junit",
}


def wanted_format(request: Request) -> str:
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
    return named


def _accepted(accept: str) -> str:
    """Return the format of the most wanted media type that there is one of."""
    best, weight = "json", 0.0
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
