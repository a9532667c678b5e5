"""What is wrong with a file of facts."""

from __future__ import annotations

from loracfg.errors import LoracfgError


class FactsError(LoracfgError):
    """A file of facts cannot be read.

    Attributes:
        reason: what is wrong.
        line: where, from 1.
        column: where in the line, from 1.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.reason = message
        self.line, self.column = line, column
