"""What the processes of a pool do, and what they send each other.

Both ends of a pipe are the same program, so it carries pickles.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final

from loracfg.engine.options import Options
from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import Address

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport

Task = tuple[Address, Options]
"""An address, and how to validate the adapters there."""
READY: Final = b"\n"
"""What a process writes once it can take tasks."""


class ChildWork(NamedTuple):
    """What a process does with a task: `module.name(argument, task)` returns its answers.

    The process imports the function by its name, so that this one need not.
    """

    module: str
    name: str
    argument: object

    def function(self) -> Callable[[object], list[object]]:
        """Import the function, and return it with its first argument."""
        found: Callable[[object, object], list[object]] = getattr(
            import_module(self.module), self.name
        )
        return partial(found, self.argument)


def pack(report: AdapterReport) -> bytes:
    """Return a report as a pickle; values of a user's own rules that have none are left out."""
    report = report._replace(sources=dict(report.sources))
    try:
        return pickle.dumps(report)
    except Exception:  # whatever a class outside loracfg raises
        found = tuple(one._replace(data=None) for one in report.diagnostics)
        return pickle.dumps(report._replace(diagnostics=found))


def unpack(data: bytes) -> AdapterReport:
    """Return the report of which `pack` made this."""
    report: AdapterReport = pickle.loads(data)  # noqa: S301  # made by this program
    return report
