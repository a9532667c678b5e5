"""Python's own functions and methods that rows may call, within a budget."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from loracfg.base.catalogue.evaluation.arithmetic import BINARY
from loracfg.base.catalogue.evaluation.budget import CONTAINERS, Budget, checked
from loracfg.base.catalogue.evaluation.errors import DeclinedError

LARGEST_FACTORIAL: Final = 1_000


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers."""

    def call(budget: Budget, *given: Any) -> Any:
        return checked(function(*given))

    return call


def _looking(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that looks at all of what it is given."""

    def call(budget: Budget, *given: Any) -> Any:
        for one in given:
            budget.look_through(one)
        return checked(function(*given))

    return call


def _collecting(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that makes a list or the like of what it is given."""

    def call(budget: Budget, *given: Any) -> Any:
        for one in given:
            if isinstance(one, range):
                budget.look_through(one)
            if isinstance(one, (*CONTAINERS, range, str)):
                budget.spend_items(len(one))
        return function(*given)

    return call


def _string(budget: Budget, *given: Any) -> str:
    for one in given:
        if isinstance(one, str):
            budget.spend_bytes(len(one))
        elif isinstance(one, CONTAINERS):
            _charge_text(budget, one)
        elif one is not None and not isinstance(one, (int, float, range)):
            raise DeclinedError("the text of an object")
    return str(*given)


def _charge_text(budget: Budget, value: Any) -> None:
    budget.spend_bytes(2 + 2 * len(value))
    for one in [*value, *value.values()] if isinstance(value, dict) else value:
        if isinstance(one, CONTAINERS):
            _charge_text(budget, one)
        else:
            budget.spend_bytes(len(one) if isinstance(one, str) else 24)


def _range(budget: Budget, *given: Any) -> range:
    made = range(*given)
    budget.look_through(made)
    return made


def _product(budget: Budget, factors: Any, start: Any = 1) -> Any:
    budget.look_through(factors)
    for one in factors:
        start = BINARY["*"](budget, start, one)
    return start


def _total(budget: Budget, terms: Any, *start: Any) -> Any:
    budget.look_through(terms)
    if start and not isinstance(start[0], (int, float)):
        raise DeclinedError("a sum of lists")
    return checked(sum(terms, *start))


def _power(budget: Budget, base: Any, exponent: Any, *modulus: Any) -> Any:
    if modulus:
        return pow(base, exponent, *modulus)
    return BINARY["**"](budget, base, exponent)


def _combinations(budget: Budget, total: Any, chosen: Any) -> int:
    if isinstance(total, int) and total > LARGEST_FACTORIAL:
        raise DeclinedError("combinations of too many")
    return checked(math.comb(total, chosen))  # type: ignore[no-any-return]


def _in_order(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that makes a sequence, in the order of what it is given.

    The order of a set is the same in each process for numbers only.
    """
    collect = _collecting(function)

    def call(budget: Budget, *given: Any) -> Any:
        for one in given:
            if isinstance(one, (set, frozenset)) and not all(type(x) is int for x in one):
                raise DeclinedError("the order of a set")
        return collect(budget, *given)

    return call


def _members(values: Any) -> list[Any]:
    """Return the members of a set: in Python's order, or always in the same where that varies."""
    if all(type(one) is int for one in values):
        return list(values)
    return sorted(values, key=repr)


FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "len": _plain(len),
    "int": _looking(int),
    "float": _looking(float),
    "bool": _plain(bool),
    "str": _string,
    "max": _looking(max),
    "min": _looking(min),
    "sum": _total,
    "abs": _plain(abs),
    "round": _plain(round),
    "any": _looking(any),
    "all": _looking(all),
    "prod": _product,
    "pow": _power,
    "divmod": _plain(divmod),
    "gcd": _plain(math.gcd),
    "lcm": _plain(math.lcm),
    "comb": _combinations,
    "ceil": _plain(math.ceil),
    "floor": _plain(math.floor),
    "trunc": _plain(math.trunc),
    "sqrt": _plain(math.sqrt),
    "exp": _plain(math.exp),
    "log": _plain(math.log),
    "log2": _plain(math.log2),
    "log10": _plain(math.log10),
    "cos": _plain(math.cos),
    "sin": _plain(math.sin),
    "ord": _plain(ord),
    "chr": _plain(chr),
    "isfinite": _plain(math.isfinite),
    "range": _range,
    "sorted": _collecting(sorted),
    "ordered": _collecting(_members),
    "set": _collecting(set),
    "frozenset": _collecting(frozenset),
    "dict": _collecting(dict),
    "list": _in_order(list),
    "tuple": _in_order(tuple),
    "reversed": _in_order(lambda values: list(reversed(values))),
    "items": _collecting(lambda values: list(values.items())),
    "keys": _collecting(lambda values: list(values)),
    "values": _collecting(lambda values: list(values.values())),
}
"""Functions by name; each takes the budget first."""


def _method(name: str, *types: type) -> Callable[..., Any]:
    """A method that values of some types have; for others it is refused, as Python does."""

    def call(budget: Budget, owner: Any, *given: Any) -> Any:
        if not isinstance(owner, types):
            raise AttributeError(f"{type(owner).__name__} has no {name}")  # noqa: TRY004
        budget.look_through(owner)
        return getattr(owner, name)(*given)

    return call


def _string_method(name: str) -> Callable[..., Any]:
    """A method that makes strings of a string, in all not longer than the string."""
    method = _method(name, str)

    def call(budget: Budget, owner: Any, *given: Any) -> Any:
        if isinstance(owner, str):
            budget.spend_bytes(2 * len(owner))
            budget.spend_items(len(owner) >> 3)
        return method(budget, owner, *given)

    return call


def _replace(budget: Budget, owner: Any, old: Any, new: Any, *count: Any) -> Any:
    if isinstance(owner, str) and isinstance(new, str):
        budget.spend_bytes(len(owner) * (1 + len(new)))
    return _method("replace", str)(budget, owner, old, new, *count)


def _join(budget: Budget, separator: Any, parts: Any) -> Any:
    if isinstance(separator, str) and isinstance(parts, (list, tuple)):
        budget.spend_bytes(sum(len(x) + len(separator) for x in parts if isinstance(x, str)))
    elif not isinstance(separator, str) or not isinstance(parts, str):
        raise DeclinedError("strings that are joined")
    return separator.join(parts)


METHODS: Final[dict[str, Callable[..., Any]]] = {
    **{name: _string_method(name) for name in ("lower", "upper", "strip", "split", "rsplit")},
    **{name: _method(name, str) for name in ("startswith", "endswith", "isdigit")},
    "index": _method("index", str, list, tuple, range),
    "count": _method("count", str, list, tuple, range),
    "is_integer": _method("is_integer", float),
    "difference": _method("difference", set, frozenset),
    "union": _method("union", set, frozenset),
    "intersection": _method("intersection", set, frozenset),
    "issubset": _method("issubset", set, frozenset),
    "issuperset": _method("issuperset", set, frozenset),
    "isdisjoint": _method("isdisjoint", set, frozenset),
    "replace": _replace,
    "join": _join,
}
"""Methods by name; each takes the budget first, then the object."""
