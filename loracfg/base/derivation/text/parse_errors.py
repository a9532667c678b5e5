"""The error for invalid facts files."""

from __future__ import annotations

from loracfg.errors import LoracfgError


class FactsError(LoracfgError):
    """A facts file is invalid.

    Attributes:
        reason: what is wrong.
        line: the line, from 1.
        column: the column, from 1.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.reason = message
        self.line, self.column = line, column
