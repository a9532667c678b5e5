"""Collects rows of expressions, without duplicates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from loracfg.base.catalogue.evaluation.rows import operands_of
from loracfg.base.catalogue.printing.notation import LEAVES

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Row


class ExpressionTable:
    """Rows of expressions, without duplicates.

    Attributes:
        rows: the rows in the order in which they were added.
        with_leaves: the numbers of rows in which `gone` or `keep` occurs.
    """

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.with_leaves: set[int] = set()
        self._numbers: dict[str, int] = {}

    def add(self, row: Row) -> int:
        """Return the number of a row, which is added if it is new."""
        key = json.dumps(row)  # distinguishes 1, 1.0 and true
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.rows)
            self.rows.append(row)
            if row[0] in LEAVES or any(one in self.with_leaves for one in _inner_rows(row)):
                self.with_leaves.add(number)
        return number


def _inner_rows(row: Row) -> Iterator[int]:
    return (one for one in operands_of(row) if type(one) is int)
