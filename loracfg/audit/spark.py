"""Audits in Spark, with `DataFrame.mapInPandas`.

    from loracfg.audit.spark import SCHEMA, FrameAuditor

    named = spark.read.parquet("s3a://bucket/ids")
    named.mapInPandas(FrameAuditor(column="repo_id"), SCHEMA).write.parquet("s3a://bucket/audit")

Written for PySpark 4.3; loracfg and pyarrow have to be installed where Spark's workers run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.audit.reading.limiter import ReadLimits
from loracfg.audit.result_schema import ANSWER, COLUMNS, FINDING, GAP
from loracfg.audit.source_auditor import SourceAuditor
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["SCHEMA", "FrameAuditor"]

_PLAIN: Final = {"text": "string", "integer": "bigint", "number": "double", "time": "timestamp"}


def _structs(fields: tuple[tuple[str, str], ...]) -> str:
    inside = ", ".join(f"{name}: {_PLAIN[kind]}" for name, kind in fields)
    return f"array<struct<{inside}>>"


_TYPES: Final = _PLAIN | {
    "texts": "array<string>",
    "integers": "array<bigint>",
    "findings": _structs(FINDING),
    "gaps": _structs(GAP),
    "answers": _structs(ANSWER),
}

SCHEMA: Final = ", ".join(f"`{column.name}` {_TYPES[column.type]}" for column in COLUMNS)
"""The columns of results in Spark's DDL."""
_REVISION: Final = "revision"


class FrameAuditor:
    """Judges the adapters that frames name: a function for `mapInPandas`.

    A column `revision` is used, too. What is named by a folder or an archive may be several
    adapters, each with a row; what is not text has none.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        column: str = "source",
        limits: ReadLimits | None = None,
    ) -> None:
        """Create it where the job is described.

        Args:
            options: how to judge.
            column: the column that names adapters: paths, URLs and ids.
            limits: how fast to read, for each task of Spark: divide what a host allows by the
                number of tasks that run at a time.
        """
        self._options, self._column, self._limits = options, column, limits or ReadLimits()

    def __call__(self, frames: Iterator[DataFrame]) -> Iterator[DataFrame]:
        """Yield the rows of the adapters that frames name, with the columns of `SCHEMA`.

        Raises:
            LoracfgError: a frame has no such column.
        """
        auditor = SourceAuditor(self._options, self._limits)
        try:
            for frame in frames:
                table = auditor.table_of(*self._named(frame))
                yield table.to_pandas(integer_object_nulls=True)
        finally:
            auditor.close()

    def _named(self, frame: DataFrame) -> tuple[list[object], list[object] | None]:
        if self._column not in frame.columns:
            found = "`, `".join(map(str, frame.columns))
            message = f"the frame has no column `{self._column}`: it has `{found}`"
            raise LoracfgError(message, "pass the column that names adapters as `column`")
        has_revisions = _REVISION in frame.columns and self._column != _REVISION
        revisions = list(frame[_REVISION]) if has_revisions else None
        return list(frame[self._column]), revisions
