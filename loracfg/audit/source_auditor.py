"""Rows of adapters that a table names: what workers of Ray and Spark do for a pipeline of yours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from loracfg.audit.job import AuditJob
from loracfg.audit.job_runner import JobRunner, RunnerSetup
from loracfg.audit.judging.judge_state import own_state
from loracfg.audit.listing.list_cells import named_in_row
from loracfg.audit.listing.listing import FleetListing
from loracfg.audit.reading.lease import Lessor
from loracfg.audit.reading.limiter import Limiter, ReadLimits
from loracfg.audit.result_row import Row
from loracfg.audit.tables import table_of
from loracfg.engine.options import Options, check_options

if TYPE_CHECKING:
    import pyarrow


class SourceAuditor:
    """Judges what names name, batch after batch, with one process that judges."""

    def __init__(
        self, options: Options | None, limits: ReadLimits, lessor: Lessor | None = None
    ) -> None:
        """Create it without starting anything.

        Args:
            options: how to judge; tensor values are never read.
            limits: how fast to read.
            lessor: who divides the limits among workers; None if all are for this one.

        Raises:
            LoracfgError: the options name a rule, release or engine that does not exist.
        """
        self._options = (options or Options())._replace(data=False)
        check_options(self._options)
        limiter = Limiter(limits, lessor=lessor)
        # Everything that is named gets a row: here, nothing can be left for another try.
        setup = RunnerSetup(own_state().digest, 1, limits.readers, records_unreachable=True)
        self._listing = FleetListing((), self._options.exclude, limiter.turn)
        self._runner = JobRunner(setup, limiter)

    def table_of(
        self, names: Iterable[object], revisions: Iterable[object] | None = None
    ) -> pyarrow.Table:
        """Return the rows of what is named, with the columns of results.

        Args:
            names: paths, URLs and ids; what is neither text nor bytes names nothing.
            revisions: the revision of each, if there are any.

        Raises:
            LoracfgError: a query of the Hub cannot be read, or pyarrow is not installed.
        """
        named = self._named(names, revisions)
        jobs = [AuditJob(one, self._options) for one in self._listing.listed_by_names(named)]
        return table_of(list(self._rows(jobs)))

    def close(self) -> None:
        """End all threads and processes."""
        self._runner.close()

    def _rows(self, jobs: list[AuditJob]) -> Iterator[Row]:
        for result in self._runner.results_of(jobs):
            yield from (judged.row for judged in result.rows or ())

    @staticmethod
    def _named(names: Iterable[object], revisions: Iterable[object] | None) -> Iterator[str]:
        if revisions is None:
            for name in names:
                yield from named_in_row(name)
            return
        for name, revision in zip(names, revisions, strict=True):
            yield from named_in_row(name, revision)
