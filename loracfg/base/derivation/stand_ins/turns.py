"""Bounds what constructors may take: `range` counts the turns of their loops."""

from __future__ import annotations

import builtins
from typing import Final, SupportsIndex

from loracfg.base.derivation.stand_ins.unknown import UndeterminedError

MOST_TURNS: Final = 2_000_000
"""So many turns all loops of a constructor may take together."""


MOST_MODULES: Final = 50_000
"""So many modules may be made, clones aside."""


class _Turns:
    left = MOST_TURNS
    modules = MOST_MODULES


def range(*bounds: SupportsIndex) -> builtins.range:
    """Return a range, unless constructors took too many turns.

    Raises:
        UndeterminedError: if there are too many.
    """
    found = builtins.range(*bounds)
    _Turns.left -= len(found)
    if _Turns.left < 0:
        raise UndeterminedError("it takes too many turns")
    return found


def count_module() -> None:
    """Note that a module is made.

    Raises:
        UndeterminedError: if there are too many.
    """
    _Turns.modules -= 1
    if _Turns.modules < 0:
        raise UndeterminedError(f"it makes more than {MOST_MODULES} different modules")


def allow_turns() -> None:
    """Begin to count the turns of loops, and modules, anew."""
    _Turns.left = MOST_TURNS
    _Turns.modules = MOST_MODULES


STANDS_FOR: Final = ("range",)
"""Names that modules of the catalogue have of here beside classes and functions."""
