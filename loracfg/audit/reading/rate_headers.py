"""What servers say of the requests that they still take.

`RateLimit` is a list of items with the parameters `r`, what is left, and `t`, the seconds until
there is more (draft-ietf-httpapi-ratelimit-headers-10); the Hub sends it. Before, there were three
headers: `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (drafts 00 to 07), also with
`X-` before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from loracfg.named_tuple import NamedTuple

_ITEM: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[A-Za-z*][\w.*/:-]*)((?:\s*;\s*[^;,"]+)*)\s*')
_PARAMETER: Final = re.compile(r";\s*([rt])\s*=\s*(\d{1,15})\s*(?=;|$)")
_NUMBER: Final = re.compile(r"\s*(\d{1,15})\b")
_MOST_SECONDS: Final = 24 * 3600.0


class RequestsLeft(NamedTuple):
    """The requests that a server takes until there are more, and the seconds until then."""

    requests: int
    seconds: float


def requests_left(headers: Mapping[str, str]) -> RequestsLeft | None:
    """Return the least that the headers of an answer allow; None if they say nothing.

    Args:
        headers: the headers, with names in lower case.
    """
    found = [*_of_items(headers.get("ratelimit", "")), *_of_three(headers)]
    return min(found, default=None)


def _of_items(text: str) -> Iterator[RequestsLeft]:
    at = 0
    while match := _ITEM.match(text, at):
        values = {name: int(value) for name, value in _PARAMETER.findall(match[2])}
        if "r" in values and "t" in values:
            yield _bounded(values["r"], values["t"])
        at = match.end()
        if text[at : at + 1] != ",":
            return
        at += 1


def _of_three(headers: Mapping[str, str]) -> Iterator[RequestsLeft]:
    for prefix in ("ratelimit", "x-ratelimit"):
        left = _NUMBER.match(headers.get(f"{prefix}-remaining", ""))
        seconds = _NUMBER.match(headers.get(f"{prefix}-reset", ""))
        # Some servers send a time of day, in seconds since 1970.
        if left and seconds and int(seconds[1]) <= _MOST_SECONDS:
            yield _bounded(int(left[1]), int(seconds[1]))


def _bounded(count: int, seconds: int) -> RequestsLeft:
    return RequestsLeft(count, min(float(seconds), _MOST_SECONDS))
