"""Something listed that is to be read and judged, and what became of it."""

from __future__ import annotations

from loracfg.audit.known_rows import Known
from loracfg.audit.listing.listed import Listed
from loracfg.audit.result_row import JudgedRow
from loracfg.engine.options import Options
from loracfg.named_tuple import NamedTuple


class AuditJob(NamedTuple):
    """Something listed that is to be judged.

    Attributes:
        listed: what was listed.
        options: how to judge it.
        known_version: the version whose rows still hold, which need not be read again.
        is_again: whether it was tried before.
    """

    listed: Listed
    options: Options
    known_version: str | None = None
    is_again: bool = False


class JobResult(NamedTuple):
    """What became of a job: rows, what was known before, or neither.

    Attributes:
        job: the job.
        rows: its rows; None if it was not judged.
        version: what distinguishes its content from others; None if it has to be read again.
        content: a digest of all that was read.
        same: what is known of the same content elsewhere, with the values of this job.
        is_gone: whether its host does not answer any more, so that there is no row.
    """

    job: AuditJob
    rows: list[JudgedRow] | None = None
    version: str | None = None
    content: bytes | None = None
    same: Known | None = None
    is_gone: bool = False

    @property
    def is_unchanged(self) -> bool:
        """Whether it has the version that is known."""
        return self.rows is None and self.same is None and not self.is_gone
