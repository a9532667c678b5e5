"""A progress bar on a terminal, for work that takes more than a second."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final, TypeVar

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

T = TypeVar("T")

_PATIENCE: Final = 1.0
"""The seconds before the bar is drawn."""
_REDRAWN: Final = 0.1
"""The seconds between two pictures of it."""


def with_progress(found: Iterator[T], count: Callable[[], int]) -> Iterator[T]:
    """Yield what comes, and draw how much of it has come on standard error.

    A thread draws, since the first result may be long in coming.
    """
    drawing = _Drawing(count)
    drawing.start()
    try:
        for one in found:
            yield one
            drawing.done += 1
    finally:
        drawing.end()


class _Drawing(Thread):
    """Draws a bar until it is ended."""

    def __init__(self, count: Callable[[], int]) -> None:
        super().__init__(daemon=True)
        self.done = 0
        self._count = count
        self._bar: ProgressBar[int] | None = None
        self._ended = Event()
        self._lock = Lock()

    def run(self) -> None:
        """Draw the bar, unless the work ends before."""
        if self._ended.wait(_PATIENCE):
            return
        total = self._count()
        with self._lock:
            if self._ended.is_set():
                return
            self._bar = click.progressbar(
                length=total, label="Validating", show_pos=True, file=sys.stderr
            )
            self._bar.render_progress()
        while not self._ended.wait(_REDRAWN):
            with self._lock:
                self._draw()

    def end(self) -> None:
        """Draw the bar as it is at the end."""
        self._ended.set()
        with self._lock:
            self._draw()
            if self._bar:
                self._bar.render_finish()

    def _draw(self) -> None:
        if self._bar and self.done > self._bar.pos:
            # There may be more than were counted: an archive has several.
            self._bar.length = max(self._bar.length or 0, self.done)
            self._bar.update(self.done - self._bar.pos)
