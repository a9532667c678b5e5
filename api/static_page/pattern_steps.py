"""Matches patterns within a number of steps, where neither processes nor signals can end them.

Python's `re` asks every 4,096 steps whether a signal has come. In Pyodide, a signal is a number in
a buffer that belongs to JavaScript. Here that buffer is a clock: it counts how often it is asked,
and raises an interrupt when it has been asked too often. So the same pattern ends at the same step
on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from loracfg.planning.patterns import Matched, MatchingApart, Pattern, match_now

ASKED_PER_SECOND: Final = 8_000
"""How often `re` asks in a second of CPU time, in Pyodide on a common machine."""
STEPS_PER_SECOND: Final = ASKED_PER_SECOND * 4_096
"""The steps of `re` that count as a second; it asks after each 4,096 (`MAYBE_CHECK_SIGNALS` in
CPython's `Modules/_sre/sre_lib.h`)."""


class StepClock(Protocol):
    """The buffer in JavaScript, `stepClock` of `page/steps.js`."""

    def start(self, times: int) -> None:
        """Interrupt when it has been asked this often."""

    def stop(self) -> int:
        """Interrupt no more; return how often it was asked since the start."""


def matching_in_steps(clock: StepClock) -> MatchingApart:
    """Return what matches patterns within the steps of a clock."""

    def match(patterns: Sequence[Pattern], names: Sequence[str], seconds: float) -> list[Matched]:
        matched: list[Matched] = []
        left = round(seconds * ASKED_PER_SECOND)
        taken = 0
        for pattern in patterns:
            clock.start(left - taken)
            try:
                found = match_now(pattern, names)
            except KeyboardInterrupt:
                break
            finally:
                taken += clock.stop()
            matched.append(Matched(found, taken / ASKED_PER_SECOND))
        return matched

    return MatchingApart(match, STEPS_PER_SECOND)
