"""How far a run is: what is done, how fast, what failed, and the time that is left."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Final

from loracfg.audit.result_row import CODES, STATUS, JudgedRow

_RECENT: Final = 30.0
"""The seconds over which the rate is measured."""
_SHOWN_ERRORS: Final = 4


class Progress:
    """Counts of a run.

    Attributes:
        listed: what was listed so far; an archive is one, with a row for each adapter in it.
        is_listed: whether the listing is complete.
        finished: what of it has its rows.
        done: the rows of this run, with those from before it was stopped.
        judged: the rows that were judged.
        unchanged: the rows that hold from an earlier run.
        resumed: what was done before the run was stopped.
        postponed: what was not read because its host does not answer.
        statuses: the judged rows by status.
        errors: the rows without a verdict, by the code of the reason.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin."""
        self._clock = clock
        self.begin = clock()
        self.listed = self.finished = self.done = self.judged = self.unchanged = 0
        self.resumed = self.postponed = 0
        self.is_listed = False
        self.statuses: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self._recent: deque[tuple[float, int]] = deque()

    def add(self, rows: Sequence[JudgedRow]) -> None:
        """Count the rows of something listed that was judged."""
        self.judged += len(rows)
        self._finish(len(rows))
        for row, _, _ in rows:
            status, codes = f"{row[STATUS]}", row[CODES]
            self.statuses[status] += 1
            if status == "error" and isinstance(codes, tuple) and codes:
                first = codes[0]
                self.errors[f"{first[0]}" if isinstance(first, tuple) else ""] += 1

    def add_unchanged(self, count: int) -> None:
        """Count the rows of something listed that hold from an earlier run."""
        self.unchanged += count
        self._finish(count)

    def add_resumed(self, count: int) -> None:
        """Count the rows of something listed that was done before the run was stopped."""
        self.resumed += 1
        self._finish(count)

    @property
    def seconds(self) -> float:
        """The time since the run began or went on."""
        return self._clock() - self.begin

    def rate(self) -> float:
        """Return the rows per second, lately."""
        now = self._clock()
        self._recent.append((now, self.judged + self.unchanged))
        while len(self._recent) > 2 and now - self._recent[0][0] > _RECENT:
            self._recent.popleft()
        then, before = self._recent[0]
        if now - then < 1:
            then, before = self.begin, 0
        return (self.judged + self.unchanged - before) / max(now - then, 1e-3)

    def line(self) -> str:
        """Return the line that a person reads."""
        left = self.listed - self.finished
        total = f"{self.done + left:,}" + ("" if self.is_listed else " or more")
        rate = self.rate()
        parts = [f"{self.done:,} of {total}", f"{rate:,.0f} a second"]
        if self.unchanged:
            parts.append(f"{self.unchanged:,} unchanged")
        parts += [f"{count:,} {code}" for code, count in self.errors.most_common(_SHOWN_ERRORS)]
        if self.postponed:
            parts.append(f"{self.postponed:,} postponed")
        if self.is_listed and left > 0 and rate > 0:
            parts.append(f"{_time(left / rate)} left")
        return " · ".join(parts)

    def _finish(self, rows: int) -> None:
        self.finished += 1
        self.done += rows


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
