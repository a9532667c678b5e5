"""Shortens expressions without changing their value for any config of the class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from loracfg.base.derivation.interpreter.expressions import (
    CONFIG,
    Expression,
    Operand,
    choose,
    conjunction,
    disjunction,
    expression,
    negate,
)

_OPERATIONS_WITHOUT_OPERANDS: Final = frozenset(("c", "i", "kw", "kwhas", "arg", "enum"))


class Simplifier:
    """Simplifies expressions over configs of one class.

    Args:
        fields: attribute names that every config of the class has.
    """

    def __init__(self, fields: frozenset[str] = frozenset()) -> None:
        self.fields = fields
        self._values: dict[Expression, Operand] = {}
        self._conditions: dict[Expression, Operand] = {}

    def value(self, operand: Operand) -> Operand:
        """Return a simpler operand with the same value."""
        if not isinstance(operand, Expression):
            return operand
        found = self._values.get(operand, operand)
        if operand not in self._values:
            found = self._values[operand] = self._value(operand)
        return found

    def condition(self, operand: Operand) -> Operand:
        """Return a simpler operand that is true exactly if a condition is."""
        if not isinstance(operand, Expression):
            return bool(operand)
        found = self._conditions.get(operand, operand)
        if operand not in self._conditions:
            found = self._conditions[operand] = self._condition(operand)
        return found

    def _condition(self, operand: Expression) -> Operand:
        if operand.op == "truth":
            return self.condition(operand[1])
        if operand.op in ("and", "or"):
            join = conjunction if operand.op == "and" else disjunction
            return _joined(operand, join, self.condition)
        if operand.op == "if":
            condition = self.condition(operand[1])
            return choose(condition, self.condition(operand[2]), self.condition(operand[3]))
        found = self.value(operand)
        return found if isinstance(found, Expression) else bool(found)

    def _value(self, operand: Expression) -> Operand:
        op = operand.op
        if op in _OPERATIONS_WITHOUT_OPERANDS:
            return operand
        if op == "has" and operand[1] is CONFIG and operand[2] in self.fields:
            return True
        if op == "not":
            return negate(self.condition(operand[1]))
        if op == "if":
            condition = self.condition(operand[1])
            return choose(condition, self.value(operand[2]), self.value(operand[3]))
        if op == "known":
            return expression("known", self.condition(operand[1]))
        if op == "opt":
            return expression("opt", self.condition(operand[1]), self.value(operand[2]))
        if op == "copy":
            return self.value(operand[2])
        return expression(op, *map(self.value, operand.operands))


def _joined(
    operand: Expression,
    join: Callable[[Operand, Operand], Operand],
    each: Callable[[Operand], Operand],
) -> Operand:
    found, *rest = map(each, operand.operands)
    for part in rest:
        found = join(found, part)
    return found
