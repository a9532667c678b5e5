"""Which tests a run takes: bare `pytest` a random part of them, CI and named tests everything.

All tests together take a quarter of an hour. `pytest` without arguments skips those marked `slow`
and those in a browser, and runs up to `CASES` random cases of each of the others. Each run picks
different ones and prints its seed; `LORACFG_DRAW=SEED` repeats it. `LORACFG_PROFILE=ci` runs
everything, and so does naming files, folders, tests or markers.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import pytest

CASES: Final = 5
LEFT_OUT: Final = frozenset({"slow", "browser"})
"""Markers of tests that no random part has."""

SEED: Final = "LORACFG_DRAW"


def new_seed(config: pytest.Config) -> str | None:
    """Return the seed of a run that takes a random part, None if it takes everything."""
    is_bare = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    is_limited = config.option.keyword or config.option.markexpr
    if not is_bare or is_limited or os.environ.get("LORACFG_PROFILE"):
        return None
    return os.environ.get(SEED) or str(random.randrange(10**6))  # noqa: S311  # draws tests, no secrets


def drawn(items: Iterable[pytest.Item], seed: str) -> list[pytest.Item]:
    """Return the items of a random part, in their order."""
    tests = defaultdict[str, list[pytest.Item]](list)
    listed = [
        item for item in items if LEFT_OUT.isdisjoint(mark.name for mark in item.iter_markers())
    ]
    for item in listed:
        tests[item.nodeid.partition("[")[0]].append(item)
    draw = random.Random(seed)  # noqa: S311
    taken = {item for of_one in tests.values() for item in _some(of_one, draw)}
    return [item for item in listed if item in taken]


def _some(items: Sequence[pytest.Item], draw: random.Random) -> Sequence[pytest.Item]:
    return items if len(items) <= CASES else draw.sample(items, CASES)
