"""What a run knows and finds out: what need not be judged again, and the one writer of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from loracfg.audit.job import AuditJob, JobResult
from loracfg.audit.known_rows import Known, KnownRows
from loracfg.audit.listing.listed import Listed
from loracfg.audit.parts import Parts
from loracfg.audit.progress import Progress
from loracfg.audit.reading.contents import Contents
from loracfg.audit.reading.reader import ReadResult
from loracfg.audit.reuse import Reuse
from loracfg.engine.options import Options
from loracfg.sources.address import Address

_STAGED: Final = 256
"""The rows that are committed together, and lost if the run is stopped before."""


class Ledger:
    """Compares what is listed with the database, and writes results there and to the parts.

    It is used by one thread.
    """

    def __init__(
        self,
        options_for: Callable[[Address], Options],
        reuse: Reuse,
        known: KnownRows,
        parts: Parts,
        progress: Progress,
    ) -> None:
        """Create it without looking at anything.

        Args:
            options_for: the options for an address.
            reuse: which rows still hold.
            known: the database.
            parts: the files.
            progress: the counts.
        """
        self._options_for, self._reuse, self._known = options_for, reuse, known
        self._parts, self._progress = parts, progress
        self._staged: list[Known] = []
        self._unchanged: list[Known] = []
        self._in_flight: set[bytes] = set()

    def jobs_of(self, listed: Sequence[Listed]) -> list[AuditJob]:
        """Return what is to be done of what was listed; the rest has its rows."""
        by_key: dict[bytes, Listed] = {}
        for one in listed:
            by_key.setdefault(one.key, one)
        for key in self._in_flight & by_key.keys():
            del by_key[key]
        found = self._known.find(list(by_key))
        jobs = (self._job(listed, key, found.get(key)) for key, listed in by_key.items())
        return [job for job in jobs if job is not None]

    def find_same(self, job: AuditJob, read: list[Contents], result: ReadResult) -> Known | None:
        """Return what is known of the content of a job, as that of the job."""
        same = self._known.with_content(result.content) if result.content is not None else None
        if same is None or not self._reuse.holds(same, job.options):
            return None
        listed = job.listed
        return self._reuse.renamed(same, listed, read[0], result.version)

    def take(self, result: JobResult) -> None:
        """Take the result of a job; commit it if there are many."""
        job, rows = result.job, result.rows
        if result.is_gone:
            self._progress.postponed += 1
            self._in_flight.discard(job.listed.key)
        elif result.same is not None:
            self._staged.append(result.same)
            self._progress.add_unchanged(result.same.adapters)
        elif rows is None:
            for known in self._known.find([job.listed.key]).values():
                self._add_unchanged(known)
        else:
            self._progress.add(rows)
            key, version, content = job.listed.key, result.version, result.content
            self._staged.append(self._reuse.known(key, version, job.options, content, rows))
        if len(self._staged) + len(self._unchanged) >= _STAGED:
            self.commit()

    def commit(self) -> None:
        """Commit what was taken.

        Raises:
            LoracfgError: it cannot be written.
        """
        staged, self._staged = self._staged, []
        unchanged, self._unchanged = self._unchanged, []
        if staged:
            self._parts.add(staged)
        if unchanged:
            self._parts.add_again(unchanged)
        self._in_flight.difference_update(one.key for one in (*staged, *unchanged))

    def _job(self, listed: Listed, key: bytes, known: Known | None) -> AuditJob | None:
        progress = self._progress
        progress.listed += 1
        if known is not None and known.run == self._reuse.run:
            progress.add_resumed(known.adapters)
            return None
        options = self._options_for(listed.address)
        listed = listed if known is None else _named_as_before(listed, known)
        still = known if known is not None and self._holds(known, listed, options) else None
        self._in_flight.add(key)
        if still and listed.version and listed.version == still.version:
            self._add_unchanged(still)
            return None
        return AuditJob(listed, options, still.version if still else None)

    def _holds(self, known: Known, listed: Listed, options: Options) -> bool:
        return known.is_listed_as(listed.full_name) and self._reuse.holds(known, options)

    def _add_unchanged(self, known: Known) -> None:
        self._unchanged.append(known)
        self._progress.add_unchanged(known.adapters)


def _named_as_before(listed: Listed, known: Known) -> Listed:
    """Return what is listed with the name that its rows had, if that still means the same."""
    if known.is_listed_as(listed.full_name):
        return listed
    return listed.spelled(known.listed_as)
