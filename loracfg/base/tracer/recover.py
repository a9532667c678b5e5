"""Finds the expression of a number that was lost on its way to a size, where it follows from others.

Where samples that decided alike differ in a number alone, an expression that gives it for all of
them stands for it: what one of them has there, or a loop's turn or count, an attribute or a sum or
product of a list up to the turn, times a factor, plus an offset, or as a power of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from loracfg.base.catalogue.expression import UnknownValueError, evaluate
from loracfg.base.tracer.harvest import Item, Leaf, Sample

Case = tuple[Sample, Any]
"""A sample, and what stands in it at the place that is looked at."""

ENOUGH: Final = 3
"""So many different numbers must have been met before a line is taken for the rule."""
_MOST_BASES: Final = 400


class NoFitError(Exception):
    """No expression gives what the samples have."""


def unified(cases: list[Case]) -> Any:
    """Return the one thing that stands for what all samples have.

    Raises:
        NoFitError: if there is none.
    """
    first = cases[0][1]
    if all(what == first and type(what) is type(first) for _, what in cases):
        return first
    if isinstance(first, (Leaf, Item)):
        return _unified_record(first, cases)
    if all(_is_alike(what, first) for _, what in cases):
        try:
            return tuple(unified(column) for column in _columns(cases))
        except NoFitError:
            pass
    return _fitted(cases)


def _unified_record(first: Any, cases: list[Case]) -> Any:
    if any(type(what) is not type(first) for _, what in cases):
        raise NoFitError
    names = ("parameters", "buffers", "groups") if isinstance(first, Leaf) else ("count",)
    found = {n: unified([(s, getattr(what, n)) for s, what in cases]) for n in names}
    made = replace(first, **found)
    if any(replace(what, **found) != made for _, what in cases):
        raise NoFitError
    return made


def _is_alike(what: Any, first: Any) -> bool:
    return (
        isinstance(what, tuple)
        and isinstance(first, tuple)
        and len(what) == len(first)
        and bool(first)
        and (not isinstance(first[0], str) or what[0] == first[0])
        and first[0] != "i"
    )


def _columns(cases: list[Case]) -> Iterator[list[Case]]:
    for at in range(len(cases[0][1])):
        yield [(sample, what[at]) for sample, what in cases]


def _fitted(cases: list[Case]) -> Any:
    """Return an expression that gives the values of all cases.

    Raises:
        NoFitError: if none is known.
    """
    values = [_value(what, sample) for sample, what in cases]
    if any(type(value) is not int for value in values):
        raise NoFitError
    alternatives = dict.fromkeys(what for _, what in cases if isinstance(what, tuple))
    for expression in alternatives:
        if _gives(expression, cases, values):
            return expression
    few = len(set(values)) < ENOUGH
    for base in _bases(cases):
        for expression in _forms(base, cases, values):
            is_sure = not few or expression == base or expression[:2] == ("pow", 2)
            if is_sure and _gives(expression, cases, values):
                return expression
    raise NoFitError


def _value(expression: Any, sample: Sample) -> Any:
    try:
        return evaluate(expression, sample.values, sample.turns)
    except UnknownValueError:
        return None


def _gives(expression: Any, cases: list[Case], values: list[Any]) -> bool:
    return all(
        _value(expression, sample) == value
        for (sample, _), value in zip(cases, values, strict=True)
    )


def _forms(base: Any, cases: list[Case], values: list[int]) -> Iterator[Any]:
    """Yield the ways in which a number may come from another, as the first two cases have them."""
    found = {}
    for (sample, _), value in zip(cases, values, strict=True):
        number = _value(base, sample)
        if type(number) is not int or not -64 < number < 1 << 40:
            return
        found.setdefault(number, value)
        if len(found) == 2:
            break
    if len(found) < 2:
        return
    (x, y), (z, w) = found.items()
    if (w - y) % (z - x) == 0:
        factor = (w - y) // (z - x)
        yield _line(base, factor, y - factor * x)
    low, high = sorted(((x, y), (z, w)))
    if 0 <= low[0] and high[0] < 24 and low[1] and high[1] == low[1] << (high[0] - low[0]):
        power = ("pow", 2, base)
        scale, rest = divmod(low[1], 1 << low[0])
        if rest == 0 and scale:
            yield power if scale == 1 else ("mul", scale, power)


def _line(base: Any, factor: int, offset: int) -> Any:
    scaled = base if factor == 1 else ("mul", factor, base)
    return ("add", scaled, offset) if offset else scaled


def _bases(cases: list[Case]) -> Iterable[Any]:
    """Return the expressions that a number may be made of, the simplest first."""
    sample = cases[0][0]
    turns = [("i", depth) for depth in range(len(sample.turns))]
    numbers, lists = [], []
    for path, value in sample.values.items():
        if type(value) is int:
            numbers.append(("attr", path))
        elif isinstance(value, list) and value and all(type(one) is int for one in value):
            lists.append(("attr", path))
    lengths = [("len", one) for one in lists]
    left = [("sub", length, turn) for length in lengths for turn in turns]
    before = [
        (how, ("slice", one, 0, turn, None)) for one in lists for turn in turns for how in _FOLDS
    ]
    before += [("add", one, ("i", len(turns) - 1)) for one in before if len(turns) > 1]
    whole = [(how, one) for one in lists for how in _FOLDS]
    return [*turns, *lengths, *left, *numbers, *whole, *before][:_MOST_BASES]


_FOLDS: Final = ("sum", "prod")
