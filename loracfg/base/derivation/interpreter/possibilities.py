"""Finds whether a condition may hold, given other conditions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    expression,
    truth_of,
)

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


def _atoms(condition: Operand) -> Atoms:
    """Return the parts of a condition that `and`, `or`, `not` and choices connect.

    Conditions share parts, so each is visited once. Stops when there are too many to consider.
    """
    found: Atoms = {}
    visited: set[Operand] = set()
    waiting = [condition]
    while waiting and len(found) <= _MOST_ATOMS:
        part = waiting.pop()
        if not isinstance(part, Expression) or part[0] == "for" or part in visited:
            continue
        visited.add(part)
        branches = _branches(part)
        if branches is not None or part[0] in ("and", "or", "not"):
            waiting += branches or part[1:]
        elif part[0] == "isnt":
            found[expression("is", *part[1:])] = None
        else:
            found[part] = None
    return found


def _holds(condition: Operand, known: dict[Expression, bool]) -> bool:
    """Return whether a condition holds, given the truth of its atoms; adds what it finds."""
    if not isinstance(condition, Expression):
        return bool(condition)
    if condition not in known:
        known[condition] = _combined(condition, known)
    return known[condition]


def _combined(condition: Expression, known: dict[Expression, bool]) -> bool:
    op = condition[0]
    if op == "and":
        return all(_holds(part, known) for part in condition[1:])
    if op == "or":
        return any(_holds(part, known) for part in condition[1:])
    if op == "not":
        return not _holds(condition[1], known)
    branches = _branches(condition)
    if branches is not None:
        return _holds(branches[1] if _holds(branches[0], known) else branches[2], known)
    if op == "isnt":
        return not known[expression("is", *condition[1:])]
    return known[condition]


def _assignments(atoms: Sequence[Expression]) -> Iterator[dict[Expression, bool]]:
    for bits in itertools.product((False, True), repeat=len(atoms)):
        yield dict(zip(atoms, bits, strict=True))


def possible(condition: Operand, path: Iterable[Operand]) -> tuple[bool, bool]:
    """Return whether a condition may hold, and whether it may not, given other conditions.

    Only considers conditions of the path that share a part with it, and only a few of these.

    Args:
        condition: The condition.
        path: Conditions that hold.
    """
    own = _atoms(condition)
    if not own or len(own) > _MOST_ATOMS:
        return True, True
    seen, related = dict(own), []
    for held in path:
        parts = _atoms(held)
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
