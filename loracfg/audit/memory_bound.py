"""A bound for the memory of this process while it answers a query.

DuckDB counts what it keeps, but not what some of its functions take on the way, such as those that
repeat texts or make long lists. What the system refuses, DuckDB reports as an error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")
_FIELD: Final = "VmData:"
"""The memory that `RLIMIT_DATA` limits since Linux 4.7, in KiB (proc(5), getrlimit(2))."""


@contextmanager
def memory_bound(more: int) -> Iterator[None]:
    """Let this process take no more than so many bytes on top of what it has, if this is Linux.

    That holds for all its threads, until the block ends.
    """
    used = _used()
    if used is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bounds = [one for one in (used + more, soft, hard) if one != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _used() -> int | None:
    """Return the bytes that count for the limit; None where there is no such limit."""
    if sys.platform != "linux":
        return None
    try:
        lines = _STATUS.read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(_FIELD))
    except (OSError, StopIteration, ValueError):
        return None
