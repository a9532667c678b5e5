"""The types of fields, and the values that they accept.

A type is text: names, `a|b`, `list[a]`, `dict[a,b]`, `tuple[a,...]`, `lit["x",1]`, `any`, `never`,
or the name of a config class.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeAlias

from loracfg.base.catalogue.evaluation.config import Config
from loracfg.base.catalogue.evaluation.refusals import RefusedError

Test: TypeAlias = Callable[[Any], bool]

PLAIN: Final[dict[str, type]] = {
    **{kind.__name__: kind for kind in (int, float, str, bool, list, dict, tuple, set)},
    "None": type(None),
}
_KEPT: Final = 4096
"""The types that are remembered; the catalogue has fewer."""
COLLECTIONS: Final[dict[str, Any]] = {
    "list": list,
    "set": set,
    "tuple": tuple,
    "Sequence": (list, tuple, str, range),
}


def split(text: str, separator: str) -> list[str]:
    """Split a type at separators outside brackets; quotes only occur inside brackets."""
    parts, start, depth, is_quoted = [], 0, 0, False
    for place, sign in enumerate(text):
        if sign == '"':
            is_quoted = not is_quoted
        elif not is_quoted:
            depth += (sign == "[") - (sign == "]")
            if sign == separator and not depth:
                parts.append(text[start:place])
                start = place + 1
    return [*parts, text[start:]]


@lru_cache(_KEPT)
def always_fitting(text: str) -> frozenset[type] | None:
    """Return classes whose instances always fit a type; None if every value fits."""
    options = split(text, "|")
    if "any" in options:
        return None
    return frozenset(PLAIN[one] for one in options if one in PLAIN)


@lru_cache(_KEPT)
def test_of(text: str) -> Test:
    """Return a function that tests whether a value has a type."""
    options = split(text, "|")
    if len(options) > 1:
        tests = [test_of(one) for one in options]
        return lambda value: any(test(value) for test in tests)
    kind, _, inside = text.partition("[")
    if kind == "lit":
        return _literal(json.loads(f"[{inside}"))
    if inside:
        return _collection(kind, split(inside[:-1], ","))
    if kind in ("any", "never"):
        return lambda value: kind == "any"
    if kind == "int":
        return lambda value: isinstance(value, int) and not isinstance(value, bool)
    if kind in PLAIN:
        return lambda value: isinstance(value, PLAIN[kind])
    return lambda value: type(value) is Config and value.config_class.is_a(kind)


def _literal(values: list[Any]) -> Test:
    """Return a test for given values that distinguishes 1 from true and 0 from false."""
    exact = {(type(one), one) for one in values}

    def test(value: Any) -> bool:
        if isinstance(value, int):
            return (type(value), value) in exact
        return isinstance(value, (str, float, type(None))) and value in values

    return test


def _collection(kind: str, arguments: list[str]) -> Test:
    tests = [test_of(one) for one in arguments if one != "..."]
    if kind == "dict":
        of_key, of_value = tests
        return lambda value: (
            isinstance(value, dict)
            and all(of_key(key) and of_value(one) for key, one in value.items())
        )
    if kind == "tuple" and arguments[-1] != "...":
        return lambda value: (
            isinstance(value, tuple)
            and len(value) == len(tests)
            and all(test(one) for test, one in zip(tests, value, strict=True))
        )
    return lambda value: isinstance(value, COLLECTIONS[kind]) and all(map(tests[0], value))


class FieldCheck:
    """The check of a field: its type, and its own checks.

    Attributes:
        fitting: classes whose instances are accepted without a test; None if all values are.
    """

    __slots__ = ("_activations", "_checks", "_name", "_test", "_type", "fitting")

    def __init__(
        self, name: str, kind: str, checks: list[Any], activations: frozenset[str]
    ) -> None:
        self._name, self._type, self._checks = name, kind, checks
        self._activations = activations
        self.fitting = frozenset() if checks else always_fitting(kind)
        self._test: Test | None = None

    def __call__(self, value: Any) -> None:
        """Check a value.

        Raises:
            RefusedError: if the field does not accept it.
        """
        if self._test is None:
            self._test = test_of(self._type)
        if not self._test(value):
            raise RefusedError(f"`{self._name}` is {type(value).__name__}, not {self._type}")
        for check in self._checks:
            if not _passes(check, value, self._activations):
                raise RefusedError(f"`{self._name}` is not {check}")


def _passes(check: list[Any], value: Any, activations: frozenset[str]) -> bool:
    match check:
        case ["in", low, high, excludes_low, excludes_high]:
            low, high = -math.inf if low is None else low, math.inf if high is None else high
            is_above = low < value if excludes_low else low <= value
            return bool(is_above and (value < high if excludes_high else value <= high))
        case ["by", divisor]:
            return isinstance(value, (int, float)) and bool(value % divisor == 0)
        case ["count"]:
            return value is None or (isinstance(value, int) and value > 0)
        case _:
            return value in activations
