"""Audits in a Ray Data pipeline of your own.

    import ray
    from loracfg.audit.ray import audit

    named = ray.data.read_parquet("s3://bucket/ids.parquet")
    audit(named, column="repo_id").write_parquet("s3://bucket/audit")

`loracfg audit --engine ray` is for those who have none: it also resumes, and judges again only what
has changed. Written for Ray 2.60.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.audit.listing.list_cells import is_text
from loracfg.audit.packages import import_ray
from loracfg.audit.ray_cluster import BATCH
from loracfg.audit.ray_limits import ActorLessor, shared_limits
from loracfg.audit.reading.limiter import ReadLimits
from loracfg.audit.source_auditor import SourceAuditor
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    import pyarrow
    from ray.actor import ActorHandle
    from ray.data import Dataset

__all__ = ["Auditor", "audit", "shared_limits"]

_REVISION: Final = "revision"


class Auditor:
    """Judges the adapters that batches name: a class for `map_batches`.

    A batch is a table of pyarrow, and so is the answer, with the columns of results
    (`loracfg.audit.result_schema.COLUMNS`). A column `revision` is used, too. What is named by a
    folder or an archive may be several adapters, each with a row; a null names nothing.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        column: str = "source",
        limits: ReadLimits | None = None,
        shared: ActorHandle | None = None,
    ) -> None:
        """Create it in a worker.

        Args:
            options: how to judge.
            column: the column that names adapters: paths, URLs and ids.
            limits: how fast to read.
            shared: what `shared_limits` returned, so that the limits hold for all workers
                together; without it, they hold for each.
        """
        lessor = ActorLessor(shared) if shared is not None else None
        self._column = column
        self._auditor = SourceAuditor(options, limits or ReadLimits(), lessor)

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        """Return the rows of the adapters that a batch names.

        Raises:
            LoracfgError: it has no such column, or one without text.
        """
        if self._column not in batch.column_names:
            found = "`, `".join(batch.column_names)
            message = f"the batch has no column `{self._column}`: it has `{found}`"
            raise LoracfgError(message, "pass the column that names adapters as `column`")
        type_ = batch.schema.field(self._column).type
        if not is_text(type_):
            message = f"the column `{self._column}` of the batch has the type `{type_}`"
            raise LoracfgError(message, "pass a column of text as `column`")
        has_revisions = _REVISION in batch.column_names and self._column != _REVISION
        revisions = batch[_REVISION].to_pylist() if has_revisions else None
        return self._auditor.table_of(batch[self._column].to_pylist(), revisions)


def audit(
    dataset: Dataset,
    options: Options | None = None,
    *,
    column: str = "source",
    limits: ReadLimits | None = None,
    concurrency: int | tuple[int, int] | None = None,
    batch_size: int = BATCH,
    num_cpus: float = 1.0,
) -> Dataset:
    """Return the rows of the adapters that a dataset names, as a dataset that is not computed yet.

    Args:
        dataset: names adapters in a column; `revision` is used if there is such a column.
        options: how to judge.
        column: the column with paths, URLs and ids.
        limits: how fast to read, for all workers together.
        concurrency: the number of workers, or the fewest and the most of them (default: from one
            to as many as the cluster has CPUs for, which an autoscaler may raise).
        batch_size: the adapters of a batch.
        num_cpus: the CPUs of a worker.

    Raises:
        LoracfgError: Ray is not installed.
    """
    ray = import_ray()
    # Workers that took all CPUs at once would leave none for the stages before.
    fewest, most = concurrency if isinstance(concurrency, tuple) else (concurrency, concurrency)
    pool = ray.data.ActorPoolStrategy(min_size=fewest, max_size=most)
    found: Dataset = dataset.map_batches(
        Auditor,
        fn_constructor_args=(options,),
        fn_constructor_kwargs={
            "column": column,
            "limits": limits,
            "shared": shared_limits(limits),
        },
        batch_size=batch_size,
        batch_format="pyarrow",
        num_cpus=num_cpus,
        compute=pool,
    )
    return found
