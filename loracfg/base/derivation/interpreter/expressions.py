"""Expressions over a config: how they are made, negated and simplified.

Equal expressions are one object, so comparing two costs nothing.  Numbers are told apart by type:
`1`, `1.0` and `True` are three operands.
"""

from __future__ import annotations

import enum
import itertools
import operator
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

__all__ = [
    "BOOLEAN_OPERATIONS",
    "CONFIG",
    "PLAIN_TYPES",
    "Expression",
    "Operand",
    "carried_state",
    "choose",
    "conjunction",
    "contains",
    "disjunction",
    "expression",
    "forget_expressions",
    "free_variables",
    "is_boolean",
    "loop_variable",
    "negate",
    "possible",
    "simplified",
    "substitute",
    "truth_of",
]

PlainValue: TypeAlias = int | float | str | bool | None
PLAIN_TYPES: Final = (int, float, str, bool, type(None))


class Expression(tuple["Operand", ...]):
    """An operation and its operands: expressions, plain values and names.

    Made by `expression` only, which gives the same object for the same operands.
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


def _identity(operand: object) -> object:
    """Return what tells an operand from others."""
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
    """Free the expressions of earlier classes, which may be compared with no later one."""
    _known.clear()
    _free.clear()
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
    """Return whether an operand is True or False for any config."""
    if isinstance(operand, Expression):
        return operand[0] in BOOLEAN_OPERATIONS
    return isinstance(operand, bool)


def negate(condition: Operand) -> Operand:
    """Return the condition that holds where another does not."""
    if not isinstance(condition, Expression):
        return not condition
    if condition[0] == "not":
        return condition[1]
    return expression("not", condition)


def truth_of(operand: Operand) -> Operand:
    """Return the condition that an operand counts as true."""
    if not isinstance(operand, Expression):
        return bool(operand)
    return operand if operand[0] in BOOLEAN_OPERATIONS else expression("truth", operand)


def conjunction(first: Operand, second: Operand) -> Operand:
    """Return the condition that two conditions hold."""
    if first is True:
        return second
    if second is True:
        return first
    if first is False or second is False:
        return False
    return first if first is second else expression("and", first, second)


def disjunction(first: Operand, second: Operand) -> Operand:
    """Return the condition that one of two conditions holds."""
    if first is False:
        return second
    if second is False:
        return first
    if first is True or second is True:
        return True
    return first if first is second else expression("or", first, second)


def choose(condition: Operand, yes: Operand, no: Operand) -> Operand:
    """Return `yes` where a condition holds, else `no`."""
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
    """Return a choice between two conditions by `and` and `or` where these say it."""
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
    """Simplify an operand that only counts where a condition holds, or does not."""
    while isinstance(operand, Expression) and operand[0] == "if":
        if operand[1] is condition:
            operand = operand[2 if holds else 3]
        elif operand[1] is negate(condition):
            operand = operand[3 if holds else 2]
        else:
            break
    return operand


# What is possible --------------------------------------------------------------------------------

_MOST_ATOMS: Final = 7
Atoms: TypeAlias = dict[Expression, None]


def _is_none_test(condition: Expression) -> bool:
    return condition[0] in ("is", "isnt") and condition[2] is None


def _branches(condition: Expression) -> tuple[Operand, Operand, Operand] | None:
    """Return a condition on a choice as a choice between conditions."""
    if condition[0] == "if":
        return condition[1], condition[2], condition[3]
    inner = condition[1] if len(condition) > 1 else None
    if isinstance(inner, Expression) and inner[0] == "if":
        if _is_none_test(condition):
            op = str(condition[0])
            return inner[1], _none_test(op, inner[2]), _none_test(op, inner[3])
        if condition[0] == "truth":
            return inner[1], truth_of(inner[2]), truth_of(inner[3])
    return None


def _none_test(op: str, operand: Operand) -> Operand:
    if not isinstance(operand, Expression):
        return (operand is None) == (op == "is")
    return expression(op, operand, None)


def _atoms(condition: Operand, found: Atoms) -> None:
    """Collect what a condition is made of by and, or, not and choices."""
    if not isinstance(condition, Expression) or condition[0] == "for":
        return
    branches = _branches(condition)
    if branches is not None or condition[0] in ("and", "or", "not"):
        for part in branches or condition[1:]:
            _atoms(part, found)
    elif condition[0] == "isnt":
        found[expression("is", *condition[1:])] = None
    else:
        found[condition] = None


def _holds(condition: Operand, given: dict[Expression, bool]) -> bool:
    """Return whether a condition holds, by the truth of its atoms."""
    if not isinstance(condition, Expression):
        return bool(condition)
    op = condition[0]
    if op == "and":
        return all(_holds(part, given) for part in condition[1:])
    if op == "or":
        return any(_holds(part, given) for part in condition[1:])
    if op == "not":
        return not _holds(condition[1], given)
    branches = _branches(condition)
    if branches is not None:
        return _holds(branches[1] if _holds(branches[0], given) else branches[2], given)
    if op == "isnt":
        return not given[expression("is", *condition[1:])]
    return given[condition]


def _assignments(atoms: Sequence[Expression]) -> Iterator[dict[Expression, bool]]:
    for bits in itertools.product((False, True), repeat=len(atoms)):
        yield dict(zip(atoms, bits, strict=True))


def possible(condition: Operand, path: Iterable[Operand]) -> tuple[bool, bool]:
    """Return whether a condition may hold, and whether it may not, given what holds.

    Only conditions of the path that share a part with it are looked at, and few of these.

    Args:
        condition: The condition.
        path: Conditions that hold.
    """
    own: Atoms = {}
    _atoms(condition, own)
    if not own or len(own) > _MOST_ATOMS:
        return True, True
    seen, related = dict(own), []
    for held in path:
        parts: Atoms = {}
        _atoms(held, parts)
        if parts and parts.keys() & own.keys() and len({**seen, **parts}) <= _MOST_ATOMS:
            seen.update(parts)
            related.append(held)
    may_hold = may_fail = False
    for given in _assignments(list(seen)):
        if all(_holds(held, given) for held in related):
            if _holds(condition, given):
                may_hold = True
            else:
                may_fail = True
            if may_hold and may_fail:
                break
    return may_hold, may_fail


# Substitution ------------------------------------------------------------------------------------

Bindings: TypeAlias = dict[Expression, Operand]
_BINDERS: Final = ("for", "scan")


def loop_variable(index: int) -> Expression:
    """Return the number of the turn in the loop with an index."""
    return expression("i", index)


def carried_state(index: int) -> Expression:
    """Return what the turns before have left, in the body of a `scan` with an index."""
    return expression("acc", index)


def contains(operand: Operand, wanted: Iterable[Expression]) -> bool:
    """Return whether an expression refers to one of these, loop variables bound in it aside."""
    return any(one in free_variables(operand) for one in wanted)


_free: dict[Expression, frozenset[Expression]] = {}


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

    Loops in it get another index where theirs is in what replaces a variable.
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


_ARITHMETIC: Final = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_COMPARISONS: Final = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def simplified(op: str, *operands: Operand) -> Operand:
    """Return an operation on operands, computed where these are whole numbers."""
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
    compute = _ARITHMETIC.get(op) or _COMPARISONS.get(op)
    if compute is not None and all(type(one) is int for one in operands) and len(operands) == 2:
        return compute(*operands)  # type: ignore[no-any-return]
    if op in ("+", "-") and len(operands) == 2 and type(operands[1]) is int:
        return _add_number(operands[0], operands[1] if op == "+" else -operands[1])
    return expression(op, *operands)


def _add_number(operand: Operand, number: int) -> Operand:
    """Return a loop variable or count with a number added, or any other sum as it is."""
    if isinstance(operand, Expression) and operand[0] in ("+", "-") and type(operand[2]) is int:
        inner = operand[1]
        if _is_count(inner):
            number += operand[2] if operand[0] == "+" else -operand[2]
            operand = inner
    if number == 0 and _is_count(operand):
        return operand
    return expression("+", operand, number) if number >= 0 else expression("-", operand, -number)


def _is_count(operand: Operand) -> bool:
    """Return whether an operand is a whole number for any config."""
    return isinstance(operand, Expression) and (operand[0] == "i" or operand[:2] == ("call", "len"))
