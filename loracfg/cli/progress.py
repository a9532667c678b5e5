"""A progress bar on a terminal, for work that takes more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import click

T = TypeVar("T")

_PATIENCE: Final = 1.0
"""The seconds before the bar is drawn."""
_REDRAWN: Final = 0.1
"""The seconds between two pictures of it."""


def with_progress(found: Iterator[T], count: Callable[[], int]) -> Iterator[T]:
    """Yield what comes, and draw how much of it has come on standard error."""
    drawn = time.monotonic() + _PATIENCE - _REDRAWN
    done = 0
    for one in found:
        yield one
        done += 1
        if time.monotonic() - drawn > _REDRAWN:
            break
    else:
        return
    bar = click.progressbar(length=count(), label="Validating", show_pos=True, file=sys.stderr)
    with bar:
        for one in found:
            yield one
            done += 1
            if time.monotonic() - drawn > _REDRAWN:
                bar.update(done - bar.pos)
                drawn = time.monotonic()
        bar.update(done - bar.pos)
