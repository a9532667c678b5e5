"""What a process of a pool does to validate adapters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from loracfg.engine.fronts import shared_engine
from loracfg.engine.messages import Task
from loracfg.report.report import AdapterReport

T = TypeVar("T")


def validated(then: Callable[[AdapterReport], T], task: Task) -> list[T]:
    """Validate the adapters at an address, and return what `then` makes of each report."""
    address, options = task
    return [then(report) for report in shared_engine(options).reports_at(address)]
