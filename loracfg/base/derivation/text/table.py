"""Collects rows of expressions, without duplicates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Row


class ExpressionTable:
    """Rows of expressions, without duplicates.

    Attributes:
        rows: the rows in the order in which they were added.
    """

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._numbers: dict[str, int] = {}

    def add(self, row: Row) -> int:
        """Return the number of a row, which is added if it is new."""
        key = json.dumps(row)  # distinguishes 1, 1.0 and true
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.rows)
            self.rows.append(row)
        return number
