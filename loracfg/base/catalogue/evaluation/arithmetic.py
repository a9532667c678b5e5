"""Operations on two values, as Python has them, within a budget."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from loracfg.base.catalogue.evaluation.budget import CONTAINERS, Budget, checked
from loracfg.base.catalogue.evaluation.errors import DeclinedError

LONGEST_POWER: Final = 1 << 14
"""Bits that a power or a shifted number may have."""
SEQUENCES: Final = (str, list, tuple)


def _plain(function: Callable[[Any, Any], Any]) -> Callable[[Budget, Any, Any], Any]:
    def operation(budget: Budget, left: Any, right: Any) -> Any:
        return function(left, right)

    return operation


def _looking(function: Callable[[Any, Any], Any]) -> Callable[[Budget, Any, Any], Any]:
    """An operation that may look at all of its operands."""

    def operation(budget: Budget, left: Any, right: Any) -> Any:
        if type(left) is not int and not isinstance(left, float):
            budget.look_through(left)
        if type(right) is not int and right is not None:
            budget.look_through(right)
        return function(left, right)

    return operation


def _add(budget: Budget, left: Any, right: Any) -> Any:
    if type(left) is int and type(right) is int:
        return checked(left + right)
    if isinstance(left, str) and isinstance(right, str):
        budget.spend_bytes(len(left) + len(right))
    elif isinstance(left, SEQUENCES) and isinstance(right, SEQUENCES):
        budget.spend_items(len(left) + len(right))
    return left + right


def _multiply(budget: Budget, left: Any, right: Any) -> Any:
    for sequence, times in ((left, right), (right, left)):
        if isinstance(sequence, SEQUENCES) and isinstance(times, int):
            count = len(sequence) * max(times, 0)
            if isinstance(sequence, str):
                budget.spend_bytes(count)
            else:
                budget.spend_items(count)
    return checked(left * right)


def _power(budget: Budget, base: Any, exponent: Any) -> Any:
    if isinstance(base, int) and isinstance(exponent, int) and exponent > 0:
        _limit_bits(base.bit_length() * exponent)
    return checked(base**exponent)


def _shift(budget: Budget, number: Any, by: Any) -> Any:
    if isinstance(number, int) and isinstance(by, int) and by > 0:
        _limit_bits(number.bit_length() + by)
    return checked(number << by)


def _limit_bits(count: int) -> None:
    if count > LONGEST_POWER:
        raise DeclinedError("the config leads to a number that is too large")


def _remainder(budget: Budget, left: Any, right: Any) -> Any:
    if isinstance(left, str):
        raise DeclinedError("a string of the config is used as a format")
    return left % right


def is_same(left: Any, right: Any) -> bool:
    """Return `left is right` as Python has it for values that were not copied.

    Raises:
        DeclinedError: if it depends on whether a list or the like was copied.
    """
    if left is right:
        return True
    if left is None or right is None or type(left) is not type(right):
        return False
    if isinstance(left, CONTAINERS) and left == right:
        raise DeclinedError("whether two lists are the same one")
    return bool(left == right)


def _is(budget: Budget, left: Any, right: Any) -> bool:
    return is_same(left, right)


def _is_not(budget: Budget, left: Any, right: Any) -> bool:
    return not is_same(left, right)


def _item(budget: Budget, owner: Any, key: Any) -> Any:
    if isinstance(owner, (set, frozenset)):
        raise DeclinedError("the order of a set")
    return owner[key]


def _get(budget: Budget, owner: Any, key: Any, default: Any = None) -> Any:
    return owner.get(key, default)


def _is_in(budget: Budget, member: Any, owner: Any) -> Any:
    if not isinstance(owner, (dict, set, frozenset)):
        budget.look_through(owner)
    return member in owner


def _is_not_in(budget: Budget, member: Any, owner: Any) -> Any:
    return not _is_in(budget, member, owner)


BINARY: Final[dict[str, Callable[..., Any]]] = {
    "+": _add,
    "-": _looking(operator.sub),
    "*": _multiply,
    "/": _plain(operator.truediv),
    "//": _plain(operator.floordiv),
    "%": _remainder,
    "**": _power,
    "&": _looking(operator.and_),
    "|": _looking(operator.or_),
    "^": _looking(operator.xor),
    "<<": _shift,
    ">>": _plain(operator.rshift),
    "==": _looking(operator.eq),
    "!=": _looking(operator.ne),
    "<": _looking(operator.lt),
    "<=": _looking(operator.le),
    ">": _looking(operator.gt),
    ">=": _looking(operator.ge),
    "in": _is_in,
    "notin": _is_not_in,
    "is": _is,
    "isnt": _is_not,
    "[]": _item,
    "get": _get,
}
