"""Collects the rows and nodes of a model type, without duplicates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.derivation.interpreter.expressions import PLAIN_TYPES, Expression, Operand
from loracfg.base.derivation.interpreter.values import NotFollowed

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Node
    from loracfg.base.catalogue.program_data import Operand as WrittenOperand


_WORDS: Final[dict[str, tuple[slice, ...]]] = {
    "i": (slice(1, None),),
    "acc": (slice(1, None),),
    "kw": (slice(1, None),),
    "kwhas": (slice(1, None),),
    "arg": (slice(1, None),),
    "enum": (slice(1, None),),
    "isinst": (slice(2, None),),
    "call": (slice(1, 2),),
    "str": (slice(1, 2),),
    "for": (slice(1, 2),),
    "scan": (slice(1, 2),),
    "text": (slice(2, None, 2),),
    "with": (slice(2, None, 2),),
    "mcall": (slice(2, 3),),
    ".": (slice(2, 3),),
    "has": (slice(2, 3),),
    "config": (slice(1, 2), slice(2, None, 2)),
    "model": (slice(1, 4, 2),),
    "modelhas": (slice(1, 4, 2),),
}
"""Where expressions have words, which are written unchanged; the rest are operands."""


class ProgramTable:
    """Collects the expressions and nodes of a model type.

    Attributes:
        rows: `[operation, operand, ...]`; operands refer to earlier rows.
        nodes: the nodes of trees; children refer to earlier nodes.
    """

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.nodes: list[dict[str, Any]] = []
        self._operands: dict[Expression, int] = {}
        self._rows: dict[str, int] = {}
        self._nodes: dict[str, int] = {}

    def operand(self, operand: Operand) -> WrittenOperand:
        """Return the row number of an expression, or a constant in a list of one.

        Raises:
            NotFollowed: it cannot be an operand.
        """
        if isinstance(operand, Expression):
            known = self._operands.get(operand)
            if known is None:
                known = self._operands[operand] = self._number(self._row(operand))
            return known
        if type(operand) in PLAIN_TYPES:
            return [operand]
        raise NotFollowed(f"a constant is {type(operand).__name__}")

    def _row(self, of: Expression) -> list[Any]:
        if of.op == "acc" and len(of) != 2:
            raise NotFollowed("what turns leave to the next ones")
        places = {one for words in _WORDS.get(of.op, ()) for one in range(len(of))[words]}
        row: list[Any] = [of.op]
        for place, part in enumerate(of.operands, 1):
            is_word = place in places and not isinstance(part, Expression)
            row.append(part if is_word else self.operand(part))
        return row

    def _number(self, row: list[Any]) -> int:
        text = json.dumps(row)
        known = self._rows.get(text)
        if known is None:
            known = self._rows[text] = len(self.rows)
            self.rows.append(row)
        return known

    def node(self, node: Node) -> int:
        """Return the number of a node."""
        text = json.dumps(node)
        known = self._nodes.get(text)
        if known is None:
            known = self._nodes[text] = len(self.nodes)
            self.nodes.append(node)
        return known
