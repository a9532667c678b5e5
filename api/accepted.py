"""The header `Accept` (RFC 9110, 12.5.1): which media type a client prefers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_WEIGHT: Final = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_ANY: Final = "*/*"


class _Range(NamedTuple):
    """A media range: how specific it is, how much it is wanted, and its place in the header."""

    specificity: int
    weight: float
    place: int


def preferred(accept: str, offered: Iterable[str]) -> str | None:
    """Return the offered media type that a client prefers; None if it accepts none of them.

    Of the ranges that match a type, the most specific one gives its weight. Between types of the
    same weight, the more specific range decides, then the order in the header, then that of
    `offered`. Without a header, everything is accepted. Parameters other than `q` are ignored.
    """
    ranges = _ranges(accept or _ANY)
    best: tuple[float, int, int] = (0.0, 0, 0)
    found = None
    for media_type in offered:
        matches = [ranges[one] for one in _matching(media_type) if one in ranges]
        if matches and matches[0].weight:
            own = matches[0]
            rank = (own.weight, own.specificity, -own.place)
            if found is None or rank > best:
                best, found = rank, media_type
    return found


def _matching(media_type: str) -> tuple[str, str, str]:
    """Return the ranges that match a media type, the most specific first."""
    return media_type, f"{media_type.partition('/')[0]}/*", _ANY


def _ranges(accept: str) -> dict[str, _Range]:
    found: dict[str, _Range] = {}
    for place, entry in enumerate(accept.split(",")):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        specificity = 0 if name == _ANY else 1 if name.endswith("/*") else 2
        found.setdefault(name, _Range(specificity, _weight(parameters), place))
    return found


def _weight(parameters: list[str]) -> float:
    """Return the weight among the parameters of a range; 0 if it is malformed."""
    given = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    return float(given) if _WEIGHT.fullmatch(given) else 0.0
