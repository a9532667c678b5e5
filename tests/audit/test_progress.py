"""The line that a person reads while a fleet is judged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loracfg.audit.progress import Progress


def progress_at(times: Iterator[float], listed: int, unchanged: int) -> Progress:
    progress = Progress(lambda: next(times))
    progress.listed, progress.is_listed = listed, True
    for _ in range(unchanged):
        progress.add_unchanged(1)
    return progress


@pytest.mark.parametrize(
    ("listed", "left"),
    [(100, "9 s"), (1000, "2 min"), (100_000, "2.8 h"), (10, "")],
)
def test_the_time_that_is_left(listed: int, left: str) -> None:
    line = progress_at(iter((0.0, 1.0)), listed, 10).line()
    expected = f"10 of {listed:,} · 10 a second · 10 unchanged"
    assert line == (f"{expected} · {left} left" if left else expected)


def test_the_rate_is_that_of_the_last_seconds() -> None:
    """The first rows were quick, and then none followed."""
    progress = progress_at(iter((0.0, 2.0, 20.0, 40.0, 60.0, 61.0)), 1000, 100)
    assert [round(progress.rate(), 2) for _ in range(4)] == [50.0, 0.0, 0.0, 0.0]
    progress.add_unchanged(100)
    assert progress.rate() == 100 / 21


def test_what_is_not_done_is_shown() -> None:
    progress = progress_at(iter((0.0, 2.0)), 10, 2)
    progress.is_listed, progress.postponed = False, 3
    progress.add_resumed(4)
    assert progress.line() == "6 of 13 or more · 1 a second · 2 unchanged · 3 postponed"
