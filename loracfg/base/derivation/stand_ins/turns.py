"""Limits the work of constructors: `range` counts the iterations of their loops."""

from __future__ import annotations

import builtins
from typing import Final, SupportsIndex

from loracfg.base.derivation.stand_ins.unknown import UndeterminedError

MOST_TURNS: Final = 2_000_000
"""The most iterations of all loops in a constructor."""


MOST_MODULES: Final = 50_000
"""The most modules of a constructor, without clones."""


class _Turns:
    left = MOST_TURNS
    modules = MOST_MODULES


def range(*bounds: SupportsIndex) -> builtins.range:
    """Return a range, unless there were too many iterations.

    Raises:
        UndeterminedError: if there are too many.
    """
    found = builtins.range(*bounds)
    _Turns.left -= len(found)
    if _Turns.left < 0:
        raise UndeterminedError("it takes too many turns")
    return found


def count_module() -> None:
    """Count a new module.

    Raises:
        UndeterminedError: if there are too many.
    """
    _Turns.modules -= 1
    if _Turns.modules < 0:
        raise UndeterminedError(f"it makes more than {MOST_MODULES} different modules")


def allow_turns() -> None:
    """Reset the counts of iterations and modules."""
    _Turns.left = MOST_TURNS
    _Turns.modules = MOST_MODULES


STANDS_FOR: Final = ("range",)
"""Names that transcripts import from here besides classes and functions."""
