"""Stands in for builtins and `math` in modelling code, so that symbols stay symbols."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from typing import Any, Final

from loracfg.base.tracer.recorder import Iteration, recorder
from loracfg.base.tracer.rewrite import MadeList
from loracfg.base.tracer.symbols import (
    SymFloat,
    SymInt,
    SymList,
    SymStr,
    expression_of,
    plain,
    symbol,
)


def traced_range(*arguments: Any) -> Any:
    """Stand in for `range` in modelling code."""
    if not any(isinstance(argument, SymInt) for argument in arguments):
        return range(*arguments)
    start, stop, step = 0, arguments[0], 1
    if len(arguments) > 1:
        start, stop = arguments[:2]
    if len(arguments) > 2:
        step = arguments[2]
    return TracedRange(start, stop, step)


class TracedRange:
    """A `range` of which at least one bound is a symbol."""

    def __init__(self, start: Any, stop: Any, step: Any) -> None:
        self.start, self.stop, self.step = start, stop, step
        self.plain = range(plain(start), plain(stop), plain(step))
        self.count = ("span", *(expression_of(part) for part in (start, stop, step)))
        if self.count[1] == 0 and self.count[3] == 1:
            self.count = self.count[2]

    def __len__(self) -> int:
        return len(self.plain)

    def __iter__(self) -> Iterator[Any]:
        for step in recorder.loop(self.count, len(self.plain)):
            yield self._at(step)

    def _at(self, step: Iteration) -> Any:
        number = SymInt(step.number, step.expression)
        scaled = number if plain(self.step) == 1 else number * self.step
        return scaled if plain(self.start) == 0 else self.start + scaled

    def __getitem__(self, index: Any) -> Any:
        return self.start + index * self.step

    def __contains__(self, item: Any) -> bool:
        return bool(item >= self.start) and bool(item < self.stop)

    def __reversed__(self) -> Iterator[Any]:
        last = self.start + (len(self.plain) - 1) * self.step
        return iter(TracedRange(last, self.start - self.step, 0 - self.step))


def traced_enumerate(values: Any, start: int = 0) -> Iterator[Any]:
    """Stand in for `enumerate`: the numbers of a loop over symbols are symbols."""
    if not isinstance(values, (SymList, SymStr, MadeList, TracedRange)):
        yield from enumerate(values, start)
        return
    for count, value in enumerate(values):
        number = SymInt(count, recorder.iteration().expression)
        yield (number + start if start else number), value


def traced_zip(*lists: Any, strict: bool = False) -> Iterator[Any]:
    """Stand in for `zip`: lists of symbols are walked together in one loop."""
    symbolic = [one for one in lists if isinstance(one, (SymList, TracedRange))]
    if not symbolic:
        yield from zip(*lists, strict=strict)
        return
    held = [one if hasattr(one, "__getitem__") else list(one) for one in lists]
    shortest = min(symbolic, key=lambda one: plain(traced_len(one)))
    for other in symbolic:
        if other is not shortest:
            bool(traced_len(shortest) <= traced_len(other))
    count = min(plain(traced_len(one)) for one in held)
    for step in recorder.loop(expression_of(traced_len(shortest)), count):
        number = SymInt(step.number, step.expression)
        yield tuple(
            one[number] if isinstance(one, (SymList, TracedRange)) else one[step.number]
            for one in held
        )


def traced_len(value: Any) -> Any:
    """Stand in for `len`."""
    if isinstance(value, SymList):
        return SymInt(list.__len__(value), ("len", value.expression))
    if isinstance(value, MadeList):
        return SymInt(len(value), value.length)
    if isinstance(value, SymStr):
        return SymInt(len(value), ("len", value.expression))
    if isinstance(value, TracedRange):
        return SymInt(len(value), value.count)
    sizes = getattr(value, "shape_expression", None)
    return sizes[0] if sizes else len(value)


def _folded(name: str, fold: Callable[..., Any]) -> Callable[..., Any]:
    """Return a stand-in for a builtin that makes one number of a list."""

    def folded(*arguments: Any, **keywords: Any) -> Any:
        if len(arguments) == 1 and isinstance(arguments[0], SymList) and not keywords:
            return symbol(fold(plain(arguments[0])), (name, arguments[0].expression))
        return fold(*arguments, **keywords)

    return folded


class TracedType(type):
    """The type of what stands in for a type that still answers `isinstance`."""

    cast: type

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, cls.cast)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, cls.cast)

    def __eq__(cls, other: object) -> bool:
        return other is cls.cast or other is cls

    def __hash__(cls) -> int:
        return hash(cls.cast)

    def __getattr__(cls, name: str) -> Any:
        return getattr(cls.cast, name)

    def __or__(cls, other: Any) -> Any:
        return cls.cast | other

    def __ror__(cls, other: Any) -> Any:
        return other | cls.cast


class TracedInt(metaclass=TracedType):
    """Stands in for `int`."""

    cast = int

    def __new__(cls, *arguments: Any) -> Any:
        if len(arguments) == 1 and isinstance(arguments[0], (SymInt, SymFloat)):
            return arguments[0].__trunc__()
        return int(*(plain(argument) for argument in arguments))


class TracedFloat(metaclass=TracedType):
    """Stands in for `float`."""

    cast = float

    def __new__(cls, *arguments: Any) -> Any:
        if len(arguments) == 1 and isinstance(arguments[0], SymFloat):
            return arguments[0]
        if len(arguments) == 1 and isinstance(arguments[0], SymInt):
            return symbol(float(plain(arguments[0])), ("float", arguments[0].expression))
        return float(*arguments)


class TracedList(metaclass=TracedType):
    """Stands in for `list`: a list of a traced range stays symbolic."""

    cast = list

    def __new__(cls, *arguments: Any) -> Any:
        if len(arguments) == 1 and isinstance(arguments[0], TracedRange):
            made = arguments[0]
            parts = tuple(expression_of(p) for p in (made.start, made.stop, made.step))
            return SymList(list(made.plain), ("range", *parts))
        if len(arguments) == 1 and isinstance(arguments[0], SymList):
            return arguments[0]
        if len(arguments) == 1 and isinstance(arguments[0], MadeList):
            return copy.copy(arguments[0])
        return list(*arguments)


class TracedTuple(metaclass=TracedType):
    """Stands in for `tuple`: one of a symbolic list stays symbolic."""

    cast = tuple

    def __new__(cls, *arguments: Any) -> Any:
        if len(arguments) == 1 and isinstance(arguments[0], SymList):
            return arguments[0]
        return tuple(*arguments)


BUILTINS: Final = {
    "range": traced_range,
    "enumerate": traced_enumerate,
    "zip": traced_zip,
    "len": traced_len,
    "int": TracedInt,
    "float": TracedFloat,
    "list": TracedList,
    "tuple": TracedTuple,
    "sum": _folded("sum", sum),
    "max": _folded("max", max),
    "min": _folded("min", min),
}
"""What modelling code finds under these names while it is traced."""


def _computed(name: str) -> Callable[..., Any]:
    """Return a function of `math` that gives a symbol for symbols."""
    compute = getattr(math, name)

    def computed(*arguments: Any, **keywords: Any) -> Any:
        value = compute(*(plain(argument) for argument in arguments), **keywords)
        if any(isinstance(argument, (SymInt, SymFloat)) for argument in arguments):
            return symbol(value, (name, *(expression_of(argument) for argument in arguments)))
        return value

    return computed


def _product(values: Any, *, start: Any = 1) -> Any:
    made = start
    for value in values:
        made = made * value
    return made


class TracedMath:
    """Stands in for the module `math`."""

    sqrt, log, log2, log10, exp, gcd = (
        staticmethod(_computed(name)) for name in ("sqrt", "log", "log2", "log10", "exp", "gcd")
    )
    prod = staticmethod(_product)

    def pow(self, base: Any, exponent: Any) -> Any:  # noqa: D102
        return TracedFloat(base) ** TracedFloat(exponent)

    def __getattr__(self, name: str) -> Any:
        return getattr(math, name)
