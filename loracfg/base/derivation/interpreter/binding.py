"""Finds and replaces free loop variables in expressions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

from loracfg.base.derivation.interpreter.expressions import (
    FORGETTING,
    Expression,
    Operand,
    choose,
    conjunction,
    disjunction,
    expression,
    negate,
    truth_of,
)

Bindings: TypeAlias = dict[Expression, Operand]
_BINDERS: Final = ("for", "scan")
_COMPUTED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def loop_variable(index: int) -> Expression:
    """Return the variable of the loop with an index."""
    return expression("i", index)


def carried_state(index: int) -> Expression:
    """Return the state from earlier turns, in the body of a `scan` with an index."""
    return expression("acc", index)


def contains(operand: Operand, wanted: Iterable[Expression]) -> bool:
    """Return whether an expression refers to one of these, other than as a bound loop variable."""
    return any(one in free_variables(operand) for one in wanted)


_free: dict[Expression, frozenset[Expression]] = {}
FORGETTING.append(_free.clear)


def free_variables(operand: Operand) -> frozenset[Expression]:
    """Return the loop variables and carried states that an expression depends on."""
    if not isinstance(operand, Expression):
        return frozenset()
    if operand[0] in ("i", "acc"):
        return frozenset((operand,))
    known = _free.get(operand)
    if known is None:
        known = _free[operand] = _compute_free(operand)
    return known


def _compute_free(operand: Expression) -> frozenset[Expression]:
    parts = [free_variables(part) for part in operand[1:]]
    if operand[0] == "for":
        bound = {loop_variable(operand[1])}  # type: ignore[arg-type]
        return parts[1].union(*(part - bound for part in parts[2:]))
    if operand[0] == "scan":
        index = operand[1]
        bound = {loop_variable(index), carried_state(index)}  # type: ignore[arg-type]
        return parts[1] | (parts[2] - bound) | parts[3]
    return frozenset().union(*parts)


def substitute(operand: Operand, bindings: Bindings) -> Operand:
    """Return an expression with loop variables or states replaced.

    Loops in it get a new index if a replacement uses theirs.
    """
    if not isinstance(operand, Expression):
        return operand
    if not any(variable in bindings for variable in free_variables(operand)):
        return operand
    if operand in bindings:
        return bindings[operand]
    if operand[0] in _BINDERS:
        return _substitute_binder(operand, bindings)
    return simplified(str(operand[0]), *(substitute(part, bindings) for part in operand[1:]))


def _substitute_binder(operand: Expression, bindings: Bindings) -> Operand:
    index = operand[1]
    assert isinstance(index, int)
    bound = (loop_variable(index), carried_state(index))
    inner = {key: value for key, value in bindings.items() if key not in bound}
    taken = frozenset().union(*(free_variables(value) for value in inner.values()))
    if any(one in taken for one in bound):
        used = {one[1] for one in taken} | {one[1] for one in free_variables(operand)}
        used |= set(_indices(operand))
        fresh = max(number for number in used if isinstance(number, int)) + 1
        inner |= {bound[0]: loop_variable(fresh), bound[1]: carried_state(fresh)}
        index = fresh
    if operand[0] == "for":
        count, *items = operand[2:]
        new = (substitute(item, inner) for item in items)
        return expression("for", index, substitute(count, bindings), *new)
    start, body, at = operand[2:]
    new_start, new_at = substitute(start, bindings), substitute(at, bindings)
    return expression("scan", index, new_start, substitute(body, inner), new_at)


def _indices(operand: Operand) -> Iterator[int]:
    """Yield the indices of loops in an expression."""
    if isinstance(operand, Expression):
        if operand[0] in _BINDERS and isinstance(operand[1], int):
            yield operand[1]
        for part in operand[1:]:
            yield from _indices(part)


def simplified(op: str, *operands: Operand) -> Operand:
    """Return an operation on operands, or its result if they are whole numbers."""
    if op == "if":
        return choose(*operands)
    if op == "not":
        return negate(*operands)
    if op == "and":
        return conjunction(*operands)
    if op == "or":
        return disjunction(*operands)
    if op == "truth":
        return truth_of(*operands)
    compute: Callable[[Any, Any], Operand] | None = _COMPUTED.get(op)
    if compute is not None and all(type(one) is int for one in operands) and len(operands) == 2:
        return compute(*operands)
    if op in ("+", "-") and len(operands) == 2 and type(operands[1]) is int:
        return _add_number(operands[0], operands[1] if op == "+" else -operands[1])
    return expression(op, *operands)


def _add_number(operand: Operand, number: int) -> Operand:
    """Return the sum of an operand and a number, merged with a number already added to a count."""
    if isinstance(operand, Expression) and operand[0] in ("+", "-") and type(operand[2]) is int:
        inner = operand[1]
        if _is_count(inner):
            number += operand[2] if operand[0] == "+" else -operand[2]
            operand = inner
    if number == 0 and _is_count(operand):
        return operand
    return expression("+", operand, number) if number >= 0 else expression("-", operand, -number)


def _is_count(operand: Operand) -> bool:
    """Return whether an operand is a whole number for every config."""
    return isinstance(operand, Expression) and (operand[0] == "i" or operand[:2] == ("call", "len"))
