"""The Parquet files of a run: each has a number of rows that the database has, too."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Final

from loracfg.audit.known_rows import Known, KnownRows, not_ours
from loracfg.audit.result_row import RUN, Row
from loracfg.audit.run_state import RunState
from loracfg.audit.tables import table_of, write_part

ROWS: Final = 5_000
"""The rows after which a file is written, and the next one begun."""


class Parts:
    """The files of a run. Each is written when it is full, from the database."""

    def __init__(self, run: RunState, known: KnownRows, size: int = ROWS) -> None:
        """Go on where the run was, and write what is missing.

        Raises:
            LoracfgError: a file cannot be written.
        """
        self._run, self._known, self._size = run, known, size
        counts = known.count_in(run.name)
        self._number = max(counts, default=0)
        self._rows = counts.get(self._number, 0)
        self.rows = sum(counts.values())
        for number in sorted(counts.keys() - {self._number}):
            if not run.part(number).exists():
                self._write(number)
        self._remove_after(self._number)
        self._close_if_full()

    def add(self, found: Iterable[Known]) -> None:
        """Commit rows.

        Raises:
            LoracfgError: they cannot be written.
        """
        added = list(found)
        self._known.add(added, self._number)
        self._count(sum(one.adapters for one in added))

    def add_again(self, found: Iterable[Known]) -> None:
        """Commit rows of an earlier run as they are.

        Raises:
            LoracfgError: they cannot be written.
        """
        added = list(found)
        self._known.add_again([one.key for one in added], self._run.name, self._number)
        self._count(sum(one.adapters for one in added))

    def finish(self) -> None:
        """Write what is left.

        Raises:
            LoracfgError: it cannot be written.
        """
        if self._rows or not self._number:
            self._write(self._number)

    def _count(self, rows: int) -> None:
        self._rows += rows
        self.rows += rows
        self._close_if_full()

    def _close_if_full(self) -> None:
        if self._rows >= self._size:
            self._write(self._number)
            self._number, self._rows = self._number + 1, 0

    def _write(self, number: int) -> None:
        rows = [_of_run(row, self._run.name) for row in self._known.rows_in(self._run.name, number)]
        try:
            table = table_of(rows)
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise not_ours() from error
        write_part(table, self._run.part(number))

    def _remove_after(self, last: int) -> None:
        """Remove files whose rows the database has lost, as when a machine stops."""
        for number in count(last):
            path = self._run.part(number)
            if number > last and not path.exists():
                return
            path.unlink(missing_ok=True)


def _of_run(row: Row, name: str) -> Row:
    return (*row[:RUN], name, *row[RUN + 1 :])
