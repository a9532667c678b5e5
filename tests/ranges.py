"""Answers of servers to requests for a range of a file."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

FOR_PAGES: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Content-Range, ETag, X-Error-Code, X-Error-Message, X-Repo-Commit"
    ),
}
"""What the Hub and its servers for files let pages of other hosts read."""


class Sent(NamedTuple):
    """What a server answers: its status, the headers for the range, and the content."""

    status: int
    headers: dict[str, str]
    data: bytes


def ranged(data: bytes, wanted: str | None) -> Sent:
    """Return the range of a file that a `Range` header asks for, or the whole file."""
    found = re.fullmatch(r"bytes=(\d+)-(\d+)", wanted or "")
    if found is None:
        return Sent(200, {"Accept-Ranges": "bytes"}, data)
    first, last = int(found[1]), min(int(found[2]), len(data) - 1)
    if first > last:
        return Sent(416, {"Content-Range": f"bytes */{len(data)}"}, b"")
    part = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    return Sent(206, part, data[first : last + 1])
