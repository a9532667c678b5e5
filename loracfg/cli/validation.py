"""Validations whose reports are printed as they come, here or on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol, TypeVar

from loracfg.engine.many import each_report, reports
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import AdapterReport, Report
from loracfg.version import __version__

if TYPE_CHECKING:
    from loracfg.engine.many import AdapterSearch
    from loracfg.settings.project import ProjectSettings

T = TypeVar("T")


class Validation(Protocol):
    """Adapters that are validated one by one."""

    @property
    def version(self) -> str:
        """The version of the loracfg that validates."""

    def each(self, then: Callable[[AdapterReport], T]) -> Iterator[T]:
        """Yield what `then` makes of each report."""

    def reports(self) -> Iterator[AdapterReport]:
        """Yield each report."""

    def expected(self) -> int:
        """Return about how many reports there will be."""


class LocalValidation(NamedTuple):
    """A validation by this program, in one or several processes."""

    search: AdapterSearch
    settings: ProjectSettings
    jobs: int

    @property
    def version(self) -> str:
        """Our own version."""
        return __version__

    def each(self, then: Callable[[AdapterReport], T]) -> Iterator[T]:
        """Yield what `then` makes of each report."""
        return each_report(self.search, self.settings.engine_for, then, jobs=self.jobs)

    def reports(self) -> Iterator[AdapterReport]:
        """Yield each report."""
        return reports(self.search, self.settings.engine_for, jobs=self.jobs)

    def expected(self) -> int:
        """Return how many adapters a search finds."""
        return sum(1 for _ in self.search.addresses())


class FinishedValidation(NamedTuple):
    """A validation whose report has arrived."""

    report: Report

    @property
    def version(self) -> str:
        """The version of the server."""
        return self.report.tool_version

    def each(self, then: Callable[[AdapterReport], T]) -> Iterator[T]:
        """Yield what `then` makes of each report."""
        return map(then, self.report.adapters)

    def reports(self) -> Iterator[AdapterReport]:
        """Yield each report."""
        return iter(self.report.adapters)

    def expected(self) -> int:
        """Return how many reports there are."""
        return len(self.report.adapters)


class AcceptingValidation(NamedTuple):
    """A validation without the findings that a baseline accepts."""

    whole: Validation
    accept: Callable[[AdapterReport], AdapterReport]

    @property
    def version(self) -> str:
        """The version of what validates."""
        return self.whole.version

    def each(self, then: Callable[[AdapterReport], T]) -> Iterator[T]:
        """Yield what `then` makes of each report."""
        return (then(one) for one in self.reports())

    def reports(self) -> Iterator[AdapterReport]:
        """Yield each report, one after the other, as a baseline accepts no finding twice."""
        return (self.accept(one) for one in self.whole.reports())

    def expected(self) -> int:
        """Return about how many reports there will be."""
        return self.whole.expected()
