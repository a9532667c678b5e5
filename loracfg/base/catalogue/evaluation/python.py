"""Python's operators, functions and methods that rows may use, within a budget.

Each takes the budget as its first argument, and charges it before work that the config can make
large.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, Final, TypeVar

from loracfg.base.catalogue.evaluation.budget import CONTAINERS, Budget, checked
from loracfg.base.catalogue.evaluation.refusals import DeclinedError

LONGEST_POWER: Final = 1 << 14
"""The maximum number of bits of a power or a shifted number."""
_MOST_DIGITS: Final = 400
"""The most digits that a number is rounded to; a float has fewer."""
SEQUENCES: Final = (str, list, tuple)
SETS: Final = (set, frozenset)
_SIZED: Final = (*CONTAINERS, str, range)

Function = Callable[..., Any]
Key = TypeVar("Key")


def charge_nothing(function: Function) -> Function:
    """Return a version of a function of numbers that charges nothing."""

    def call(budget: Budget, *given: Any) -> Any:
        return checked(function(*given))

    return call


def charge_reading(function: Function) -> Function:
    """Return a version of a function that charges for reading all of its arguments."""

    def call(budget: Budget, *given: Any) -> Any:
        for one in given:
            if type(one) is not int and one is not None:
                budget.spend_reading(one)
        return checked(function(*given))

    return call


def charge_collection(function: Function, *, in_order: bool = False) -> Function:
    """Return a version of a function that charges for creating a collection.

    Only sets of integers have the same order in every process.
    """

    def call(budget: Budget, *given: Any) -> Any:
        for one in given:
            if in_order and isinstance(one, SETS) and not all(type(x) is int for x in one):
                raise DeclinedError("the order of a set")
            if isinstance(one, (*CONTAINERS, range, str)):
                budget.spend_reading(one)
                budget.spend_items(len(one))
        return function(*given)

    return call


# Operators


def _add(budget: Budget, left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        budget.spend_bytes(len(left) + len(right))
    elif isinstance(left, SEQUENCES) and isinstance(right, SEQUENCES):
        budget.spend_items(len(left) + len(right))
    return checked(left + right)


def _multiply(budget: Budget, left: Any, right: Any) -> Any:
    for sequence, times in ((left, right), (right, left)):
        if isinstance(sequence, SEQUENCES) and isinstance(times, int):
            spend = budget.spend_bytes if isinstance(sequence, str) else budget.spend_items
            spend(len(sequence) * max(times, 0))
    return checked(left * right)


def _power(budget: Budget, base: Any, exponent: Any, *modulus: Any) -> Any:
    if isinstance(base, int) and isinstance(exponent, int) and exponent > 0:
        if modulus:
            sizes = [one.bit_length() for one in modulus if isinstance(one, int)]
            budget.spend_steps(exponent.bit_length() * sum(sizes) >> 8)
        else:
            _limit_bits(base.bit_length() * exponent)
    return checked(pow(base, exponent, *modulus))


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


def is_same(left: object, right: object) -> bool:
    """Return the result of `left is right`.

    Raises:
        DeclinedError: if it depends on whether a list or another collection was copied.
    """
    if left is right:
        return True
    if left is None or right is None or type(left) is not type(right):
        return False
    if isinstance(left, CONTAINERS) and left == right:
        raise DeclinedError("whether two lists are the same one")
    return bool(left == right)


def _item(budget: Budget, owner: Any, key: Any) -> Any:
    if isinstance(owner, SETS):
        raise DeclinedError("the order of a set")
    return owner[checked_key(budget, key)]


def checked_key(budget: Budget, key: Key) -> Key:
    """Return a key of a dict or member of a set, after charging for its hash.

    Raises:
        RecursionError: if it is nested so deeply that Python's hash would overflow the stack.
        SpentError: if the budget is spent.
    """
    if type(key) is tuple:
        budget.spend_reading(key)
    return key


def _is_in(budget: Budget, member: Any, owner: Any) -> Any:
    if not isinstance(owner, (dict, *SETS)):
        budget.spend_reading(owner)
    return checked_key(budget, member) in owner


def _get(budget: Budget, owner: Any, key: Any, default: Any = None) -> Any:
    if not isinstance(owner, dict):
        raise AttributeError(f"{type(owner).__name__} has no get")  # noqa: TRY004 - as Python does
    return owner.get(checked_key(budget, key), default)


def _pairwise(function: Function, start: int) -> Function:
    """Return a version of a function of integers that checks what it has after each."""

    def call(budget: Budget, *given: Any) -> Any:
        result: Any = start
        for number in given:
            result = checked(function(result, number))
            if isinstance(number, int):
                budget.spend_steps(number.bit_length() >> 6)
        return result

    return call


def _round(budget: Budget, number: Any, *digits: Any) -> Any:
    if digits and isinstance(digits[0], int) and abs(digits[0]) > _MOST_DIGITS:
        raise DeclinedError("a number is rounded to too many digits")
    return checked(round(number, *digits))


OPERATORS: Final[dict[str, Function]] = {
    "+": _add,
    "*": _multiply,
    "**": _power,
    "<<": _shift,
    "%": _remainder,
    "/": charge_nothing(operator.truediv),
    "//": charge_nothing(operator.floordiv),
    ">>": charge_nothing(operator.rshift),
    "-": charge_reading(operator.sub),
    "&": charge_reading(operator.and_),
    "|": charge_reading(operator.or_),
    "^": charge_reading(operator.xor),
    "==": charge_reading(operator.eq),
    "!=": charge_reading(operator.ne),
    "<": charge_reading(operator.lt),
    "<=": charge_reading(operator.le),
    ">": charge_reading(operator.gt),
    ">=": charge_reading(operator.ge),
    "is": lambda budget, left, right: is_same(left, right),
    "isnt": lambda budget, left, right: not is_same(left, right),
    "in": _is_in,
    "notin": lambda budget, member, owner: not _is_in(budget, member, owner),
    "[]": _item,
    "get": _get,
}


# Functions


def text_of(budget: Budget, *given: object) -> str:
    """Return `str(value)`.

    Raises:
        DeclinedError: if the value is an object.
    """
    for one in given:
        if isinstance(one, (str, *CONTAINERS)):
            _charge_text(budget, one)
        elif one is not None and not isinstance(one, (int, float, range)):
            raise DeclinedError("the text of an object")
    return str(*given)


def _charge_text(budget: Budget, value: Any) -> None:
    if not isinstance(value, CONTAINERS):
        budget.spend_bytes(len(value) if isinstance(value, str) else 24)
        return
    budget.spend_bytes(2 + 2 * len(value))
    for one in [*value, *value.values()] if isinstance(value, dict) else value:
        _charge_text(budget, one)


def made_range(budget: Budget, *given: object) -> range:
    """A `range` within the budget: start, stop, step."""
    bounds: Any = given
    made = range(*bounds)
    budget.spend_reading(made)
    return made


def _product(budget: Budget, factors: Any, start: Any = 1) -> Any:
    budget.spend_reading(factors)
    for one in factors:
        start = _multiply(budget, start, one)
    return start


def _total(budget: Budget, terms: Any, *start: Any) -> Any:
    budget.spend_reading(terms)
    if start and not isinstance(start[0], (int, float)):
        raise DeclinedError("a sum of lists")
    return checked(sum(terms, *start))


def _members(values: Any) -> list[Any]:
    """Return the members of a set, in a fixed order if Python's varies."""
    if all(type(one) is int for one in values):
        return list(values)
    return sorted(values, key=repr)


def _named(*functions: Function) -> dict[str, Function]:
    return {function.__name__: function for function in functions}


_OF_NUMBERS: Final = _named(
    *(len, bool, abs, divmod, ord, chr, math.isfinite),
    *(math.ceil, math.floor, math.trunc, math.sqrt, math.exp, math.log, math.log2, math.log10),
    *(math.cos, math.sin),
)
_OF_ALL_ITEMS: Final = _named(int, float, max, min, any, all)
FUNCTIONS: Final[dict[str, Function]] = {
    **{name: charge_nothing(function) for name, function in _OF_NUMBERS.items()},
    **{name: charge_reading(function) for name, function in _OF_ALL_ITEMS.items()},
    **{name: charge_collection(one) for name, one in _named(sorted, set, frozenset, dict).items()},
    **{name: charge_collection(one, in_order=True) for name, one in _named(list, tuple).items()},
    "ordered": charge_collection(_members),
    "reversed": charge_collection(lambda values: list(reversed(values)), in_order=True),
    "items": charge_collection(lambda values: list(values.items())),
    "keys": charge_collection(lambda values: list(values)),
    "values": charge_collection(lambda values: list(values.values())),
    "str": text_of,
    "round": _round,
    "gcd": _pairwise(math.gcd, 0),
    "lcm": _pairwise(math.lcm, 1),
    "sum": _total,
    "prod": _product,
    "pow": _power,
    "range": made_range,
}


# Methods

METHODS_OF: Final[dict[type, dict[str, Function]]] = {
    str: {
        "lower": str.lower,
        "upper": str.upper,
        "strip": str.strip,
        "split": str.split,
        "rsplit": str.rsplit,
        "startswith": str.startswith,
        "endswith": str.endswith,
        "isdigit": str.isdigit,
        "replace": str.replace,
        "join": str.join,
        "index": str.index,
        "count": str.count,
    },
    **{
        kind: {
            "difference": kind.difference,
            "union": kind.union,
            "intersection": kind.intersection,
            "isdisjoint": kind.isdisjoint,
            "issubset": kind.issubset,
            "issuperset": kind.issuperset,
        }
        for kind in (set, frozenset)
    },
    **{kind: {"index": kind.index, "count": kind.count} for kind in (list, tuple, range)},
    float: {"is_integer": float.is_integer},
}
"""The methods that rows may call, by the type of their owner."""


def _method(name: str) -> Function:
    """Return a method that only some types have."""

    def call(budget: Budget, owner: Any, *given: Any) -> Any:
        method = METHODS_OF.get(type(owner), {}).get(name)
        if method is None:
            raise AttributeError(f"{type(owner).__name__} has no {name}")
        for part in (owner, *given):
            budget.spend_reading(part)
        if isinstance(owner, str):  # new strings are not longer in total
            budget.spend_bytes(2 * len(owner))
        elif isinstance(owner, SETS):
            budget.spend_items(len(owner) + sum(len(x) for x in given if isinstance(x, _SIZED)))
        return method(owner, *given)

    return call


def _replace(budget: Budget, owner: Any, old: Any, new: Any, *count: Any) -> Any:
    if isinstance(owner, str) and isinstance(new, str):
        budget.spend_bytes(len(owner) * (1 + len(new)))
    return _method("replace")(budget, owner, old, new, *count)


def _join(budget: Budget, separator: Any, parts: Any) -> Any:
    if isinstance(separator, str) and isinstance(parts, (list, tuple)):
        budget.spend_bytes(sum(len(x) + len(separator) for x in parts if isinstance(x, str)))
    elif isinstance(separator, str) and isinstance(parts, str):
        budget.spend_bytes(len(parts) * (1 + len(separator)))
    else:
        raise DeclinedError("strings that are joined")
    return separator.join(parts)


METHODS: Final[dict[str, Function]] = {
    **{name: _method(name) for methods in METHODS_OF.values() for name in methods},
    "replace": _replace,
    "join": _join,
}
