"""The rows of expressions, each once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Row


class ExpressionTable:
    """Rows of expressions; an equal row is the same one.

    Attributes:
        rows: what was added, in order.
    """

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._numbers: dict[str, int] = {}

    def add(self, row: Row) -> int:
        """Return the number of a row, a new one if there is no such row."""
        key = json.dumps(row)  # tells 1, 1.0 and true apart
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.rows)
            self.rows.append(row)
        return number
