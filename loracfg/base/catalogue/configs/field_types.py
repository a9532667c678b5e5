"""Types of fields, and what they accept.

A type is text: names, `a|b`, `list[a]`, `dict[a,b]`, `tuple[a,...]`, `lit["x",1]`, `any`, `never`,
or the name of a config class.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeAlias

from loracfg.base.catalogue.evaluation.errors import RefusedError

Test: TypeAlias = Callable[[Any], bool]

PLAIN: Final[dict[str, type]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "list": list,
    "dict": dict,
    "tuple": tuple,
    "set": set,
    "None": type(None),
}
COLLECTIONS: Final[dict[str, Any]] = {
    "list": list,
    "set": set,
    "tuple": tuple,
    "Sequence": (list, tuple, str, range),
}


def split(text: str, separator: str) -> list[str]:
    """Split a type at separators outside brackets and quotes."""
    parts, depth, start, is_quoted = [], 0, 0, False
    for position, character in enumerate(text):
        if character == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
        elif character == separator and not depth:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]


@cache
def always_fitting(text: str) -> frozenset[type] | None:
    """Return classes whose values fit a type whatever they hold, None if any value fits."""
    options = split(text, "|")
    if "any" in options:
        return None
    return frozenset(PLAIN[one] for one in options if one in PLAIN)


@cache
def test_of(text: str) -> Test:
    """Return a function that tells whether a value is of a type."""
    options = split(text, "|")
    if len(options) > 1:
        tests = [test_of(one) for one in options]
        return lambda value: any(test(value) for test in tests)
    if text == "any":
        return lambda value: True
    if text == "never":
        return lambda value: False
    if text == "int":
        return lambda value: isinstance(value, int) and not isinstance(value, bool)
    if text in PLAIN:
        plain = PLAIN[text]
        return lambda value: isinstance(value, plain)
    kind, _, inside = text.partition("[")
    if kind == "lit":
        return _literal(json.loads(f"[{inside}"))
    if not inside:
        return lambda value: any(one.__name__ == text for one in type(value).__mro__)
    return _collection(kind, split(inside[:-1], ","))


def _literal(values: list[Any]) -> Test:
    allowed = {(type(one) is bool, one) for one in values}
    scalars = (str, int, float, type(None))
    return lambda value: isinstance(value, scalars) and (isinstance(value, bool), value) in allowed


def _collection(kind: str, arguments: list[str]) -> Test:
    if kind == "dict":
        of_key, of_value = map(test_of, arguments)
        return lambda value: (
            isinstance(value, dict)
            and all(of_key(key) and of_value(one) for key, one in value.items())
        )
    if kind == "tuple" and arguments[-1] != "...":
        each = [test_of(one) for one in arguments]
        return lambda value: (
            isinstance(value, tuple)
            and len(value) == len(each)
            and all(test(one) for test, one in zip(each, value, strict=True))
        )
    of_item, collection = test_of(arguments[0]), COLLECTIONS[kind]
    return lambda value: isinstance(value, collection) and all(map(of_item, value))


class FieldCheck:
    """What a field accepts: its type, and its own checks.

    Attributes:
        fitting: classes whose values are accepted without a look, None if all are.
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
            low = -math.inf if low is None else low
            high = math.inf if high is None else high
            is_above = low < value if excludes_low else low <= value
            return bool(is_above and (value < high if excludes_high else value <= high))
        case ["by", divisor]:
            return bool(value % divisor == 0)
        case ["count"]:
            return value is None or (isinstance(value, int) and value > 0)
        case _:
            return value in activations
