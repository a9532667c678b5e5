"""Find the known names that are spelt most like those of a file, in bounded time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

_MOST_PAIRS: Final = 5_000
"""The maximum number of pairs to compare; more would take seconds."""
_LONGEST: Final = 100
"""The maximum length of a name to compare; comparing takes the square of it or more."""


def close_names(
    names: Collection[str], known: Iterable[str], most: int = 1
) -> dict[str, list[str]]:
    """Map names to the known names most like them, the closest first.

    Long names are like no other, and no name is like another if there are too many pairs.
    """
    from difflib import get_close_matches

    short = [name for name in known if len(name) <= _LONGEST]
    if len(names) * len(short) > _MOST_PAIRS:
        return {}
    found = {name: get_close_matches(name, short, most) for name in names if len(name) <= _LONGEST}
    return {name: close for name, close in found.items() if close}
