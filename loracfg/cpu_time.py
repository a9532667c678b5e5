"""The CPU time of the current thread; where there is no clock for it, the time that has passed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from time import thread_time
else:
    # Python in WebAssembly has one thread and no such clock.
    thread_time = getattr(time, "thread_time", time.perf_counter)

__all__ = ["thread_time"]
