"""Files that clients may cache: responses with an `ETag`, and 304 if the client has the file."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response


def tag_of(data: bytes) -> str:
    """Return the `ETag` of a file."""
    return f'"{sha256(data).hexdigest()[:32]}"'


def answer(
    request: Request, data: bytes, tag: str, media_type: str, headers: Mapping[str, str]
) -> Response:
    """Return a file, or 304 if the request has its tag."""
    sent = {"ETag": tag, **headers}
    known = [entry.strip() for entry in request.headers.get("if-none-match", "").split(",")]
    if "*" in known or tag in (entry.removeprefix("W/") for entry in known):
        return Response(status_code=304, headers=sent)
    return Response(data, headers=sent, media_type=media_type)
