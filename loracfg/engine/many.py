"""Validate many adapters, in one process or in several, and return reports in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import CRASH
from loracfg.rules.unjudged import unreadable_report
from loracfg.sources.address import Address, StandardInput
from loracfg.sources.excluded import Excluded
from loracfg.sources.search import with_searched

if TYPE_CHECKING:
    from loracfg.engine.messages import Task
    from loracfg.engine.options import Options
    from loracfg.report.report import AdapterReport

T = TypeVar("T")

_VALIDATING: Final = "loracfg.engine.validating"
_ADVICE: Final = "validate it alone, with `-j 1`; there may be too little memory"


class Validator(Protocol):
    """What validates the adapters at an address: an `Engine`."""

    @property
    def options(self) -> Options:
        """How to validate them."""

    def reports_at(self, address: Address) -> Iterator[AdapterReport]:
        """Validate the adapters at an address."""


ValidatorAt = Callable[[Address], Validator]
"""Returns what validates the adapters at an address."""


class AdapterSearch(NamedTuple):
    """Where to look for adapters.

    Attributes:
        named: the addresses that a user named; their folders are searched.
        exclude: patterns of folders to leave out.
    """

    named: tuple[Address, ...]
    exclude: tuple[str, ...] = ()

    def addresses(self) -> Iterator[Address]:
        """Return where the adapters are.

        Raises:
            LoracfgError: a pattern cannot be understood.
        """
        return with_searched(self.named, Excluded(self.exclude))

    @property
    def has_input(self) -> bool:
        """Whether something comes from standard input, which only this process can read."""
        return any(isinstance(one, StandardInput) for one in self.named)


def each_report(
    search: AdapterSearch,
    validator_at: ValidatorAt,
    then: Callable[[AdapterReport], T],
    *,
    jobs: int = 1,
) -> Iterator[T]:
    """Validate adapters, and return what `then` makes of each report, in order.

    Args:
        search: where they are.
        validator_at: what validates them.
        then: a function that several processes can import by name, or a `partial` of one.
        jobs: the number of processes; 0 for one per core.

    Raises:
        LoracfgError: a pattern cannot be understood, or the number of processes is negative.
    """
    addresses, processes = search.addresses(), _processes(jobs)
    first = list(islice(addresses, 2)) if processes > 1 and not search.has_input else []
    addresses = chain(first, addresses)
    if len(first) < 2:  # also if there is only one adapter
        return _each(addresses, validator_at, then)
    from loracfg.engine.messages import ChildWork
    from loracfg.engine.pool import Pool

    def died(task: Task, how: str) -> list[T]:
        message = f"the process that validated it {how}"
        return [then(unreadable_report(CRASH, str(task[0]), message, _ADVICE))]

    work = ChildWork(_VALIDATING, "validated", then)
    tasks = ((address, validator_at(address).options) for address in addresses)
    pool: Pool[Task, T] = Pool(processes, work, died)
    return pool.answers(tasks)


def reports(
    search: AdapterSearch, validator_at: ValidatorAt, *, jobs: int = 1
) -> Iterator[AdapterReport]:
    """Validate adapters like `each_report`, and return their reports as they come, in order."""
    from loracfg.engine.messages import pack, unpack

    if _processes(jobs) == 1:
        return each_report(search, validator_at, _itself)
    return (unpack(one) for one in each_report(search, validator_at, pack, jobs=jobs))


def _itself(report: AdapterReport) -> AdapterReport:
    return report


def _each(
    addresses: Iterable[Address],
    validator_at: ValidatorAt,
    then: Callable[[AdapterReport], T],
) -> Iterator[T]:
    for address in addresses:
        yield from map(then, validator_at(address).reports_at(address))


def _processes(jobs: int) -> int:
    if jobs < 0:
        raise LoracfgError(f"`{jobs}` is not a number of processes", "pass 0 or more")
    return jobs or cores()


def cores() -> int:
    """Return the number of cores that this process may use."""
    import os

    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1
