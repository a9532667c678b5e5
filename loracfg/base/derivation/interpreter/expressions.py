"""Creates, negates and simplifies expressions over a config.

Equal expressions are the same object, so comparing them is cheap.  Numbers of different types
differ: `1`, `1.0` and `True` are three operands.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Final, TypeAlias

__all__ = [
    "BOOLEAN_OPERATIONS",
    "CONFIG",
    "FORGETTING",
    "PLAIN_TYPES",
    "Expression",
    "Operand",
    "choose",
    "conjunction",
    "disjunction",
    "expression",
    "forget_expressions",
    "is_boolean",
    "negate",
    "truth_of",
]

PlainValue: TypeAlias = int | float | str | bool | None
PLAIN_TYPES: Final = (int, float, str, bool, type(None))


class Expression(tuple["Operand", ...]):
    """An operation and its operands: expressions, plain values and names.

    Only `expression` creates them, and returns the same object for the same operands.
    """

    __slots__ = ()

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__

    @property
    def op(self) -> str:
        """The name of the operation."""
        return str(self[0])

    @property
    def operands(self) -> tuple[Operand, ...]:
        """Everything after the name."""
        return tuple(self[1:])


Operand: TypeAlias = Expression | PlainValue

_known: dict[tuple[object, ...], Expression] = {}

FORGETTING: Final[list[Callable[[], None]]] = []
"""Called when earlier expressions are forgotten."""


def _identity(operand: object) -> object:
    """Return a key that distinguishes operands, even of equal numbers of different types."""
    if isinstance(operand, Expression):
        return operand
    if isinstance(operand, float):
        return float, repr(operand)
    return type(operand), operand


def expression(op: str, *operands: Operand) -> Expression:
    """Return the expression of an operation on operands.

    Raises:
        TypeError: An operand is neither an expression nor a plain value.
    """
    key = (op, *map(_identity, operands))
    known = _known.get(key)
    if known is None:
        for operand in operands:
            if not isinstance(operand, (Expression, *PLAIN_TYPES)) or isinstance(
                operand, enum.Enum
            ):
                raise TypeError(f"{type(operand).__name__} in an expression")
        known = _known[key] = Expression((op, *operands))
    return known


CONFIG: Final = expression("c")
"""The config that a class is built from."""


def forget_expressions() -> None:
    """Free the expressions of earlier classes, which must not be compared with later ones."""
    _known.clear()
    for forget in FORGETTING:
        forget()
    _known[("c",)] = CONFIG


BOOLEAN_OPERATIONS: Final = frozenset(
    [
        "known",
        "parts",
        "kwhas",
        "bcast",
        "autohas",
        "modelhas",
        "name",
        "size",
        "padding",
        "probability",
        "activation",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "is",
        "isnt",
        "in",
        "notin",
        "not",
        "and",
        "or",
        "isinst",
        "has",
        "truth",
        "startswith",
        "endswith",
    ]
)
"""Operations whose value is True or False."""


def is_boolean(operand: Operand) -> bool:
    """Return whether an operand is True or False for every config."""
    if isinstance(operand, Expression):
        return operand[0] in BOOLEAN_OPERATIONS
    return isinstance(operand, bool)


def negate(condition: Operand) -> Operand:
    """Return the negation of a condition."""
    if not isinstance(condition, Expression):
        return not condition
    if condition[0] == "not":
        return condition[1]
    return expression("not", condition)


def truth_of(operand: Operand) -> Operand:
    """Return the condition under which an operand is true."""
    if not isinstance(operand, Expression):
        return bool(operand)
    return operand if operand[0] in BOOLEAN_OPERATIONS else expression("truth", operand)


def conjunction(first: Operand, second: Operand) -> Operand:
    """Return the conjunction of two conditions."""
    if first is True:
        return second
    if second is True:
        return first
    if first is False or second is False:
        return False
    return first if first is second else expression("and", first, second)


def disjunction(first: Operand, second: Operand) -> Operand:
    """Return the disjunction of two conditions."""
    if first is False:
        return second
    if second is False:
        return first
    if first is True or second is True:
        return True
    return first if first is second else expression("or", first, second)


def choose(condition: Operand, yes: Operand, no: Operand) -> Operand:
    """Return `yes` if a condition holds, else `no`, as an operand."""
    if not isinstance(condition, Expression):
        return yes if condition else no
    yes, no = _within(yes, condition, True), _within(no, condition, False)
    if _identity(yes) == _identity(no):
        return yes
    if is_boolean(yes) and is_boolean(no):
        return _choose_condition(condition, yes, no)
    if condition[0] == "not" and isinstance(condition[1], Expression):
        return expression("if", condition[1], no, yes)
    return expression("if", condition, yes, no)


def _choose_condition(condition: Expression, yes: Operand, no: Operand) -> Operand:
    """Return a choice between two conditions, with `and` and `or` if possible."""
    if yes is True:
        return disjunction(condition, no)
    if no is False:
        return conjunction(condition, yes)
    if yes is False:
        return conjunction(negate(condition), no)
    if no is True:
        return disjunction(negate(condition), yes)
    return expression("if", condition, yes, no)


def _within(operand: Operand, condition: Expression, holds: bool) -> Operand:
    """Simplify an operand that only matters if a condition holds, or if it does not."""
    while isinstance(operand, Expression) and operand[0] == "if":
        if operand[1] is condition:
            operand = operand[2 if holds else 3]
        elif operand[1] is negate(condition):
            operand = operand[3 if holds else 2]
        else:
            break
    return operand
