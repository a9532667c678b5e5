"""Finds where samples that decided alike differ, and why: a turn, a lost number, a decision more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from loracfg.base.catalogue.expression import UnknownValueError, evaluate
from loracfg.base.tracer.harvest import Sample
from loracfg.base.tracer.recover import NoFitError, unified

UNKNOWN: Final = ("unknown",)


def key_of(value: Any) -> Any:
    return (type(value), value)


class ConflictError(Exception):
    """Samples differ, and nothing that was recorded tells why."""


def outcome(sample: Sample, condition: Any) -> Any:
    """Return what a condition gives for a sample, met or not."""
    if condition in sample.decisions:
        return sample.decisions[condition]
    try:
        return evaluate(condition, sample.values, sample.turns)
    except UnknownValueError:
        return UNKNOWN


def tell_turns_apart(samples: list[Sample]) -> None:
    """Add the turn as a decision to loops where samples differ that decided alike.

    Raises:
        ConflictError: if a difference remains.
    """
    for attempt in (first_apart, second_apart, last_apart):
        loops = _conflict(samples)
        if loops is None:
            return
        for sample in samples:
            for turn in _turns(sample, ()):
                if vars(turn)["loop_place"] in loops:
                    attempt(turn)
        forget(samples)
    while _conflict(samples) is not None:
        if _recover(samples):
            forget(samples)
            continue
        unstable = _templates(samples)
        if unstable:
            _drop(samples, unstable)
        elif not _complete(samples):
            raise ConflictError(_difference(samples))
        forget(samples)


def _complete(samples: list[Sample]) -> bool:
    """Add a decision that others took to samples that went on without it; tell whether any was."""
    content: dict[Any, list[Sample]] = {}
    asked: dict[Any, list[tuple[Sample, Any]]] = {}
    for sample in samples:
        _gather(sample, (), content, asked)
    found = False
    for place, cases in asked.items():
        rest = content.get(place, [])
        conditions = dict.fromkeys(condition for _, condition in cases)
        if len(conditions) == 1 and not rest:
            continue
        there = [*cases, *((sample, None) for sample in rest)]
        for condition in conditions:
            if all(outcome(sample, condition) is not UNKNOWN for sample, _ in there):
                for sample, before in there:
                    _insert(sample, condition, before)
                found = True
                break
    return found


def _insert(sample: Sample, condition: Any, before: Any) -> None:
    """Give a sample a decision, before another one, or as its last."""
    if condition == before:
        return
    made: dict[Any, Any] = {}
    for known, value in sample.decisions.items():
        if known == before:
            made[condition] = outcome(sample, condition)
        if known != condition:
            made[known] = value
    made.setdefault(condition, outcome(sample, condition))
    sample.decisions = made


def _recover(samples: list[Sample]) -> bool:
    """Put expressions in place of numbers that were lost; tell whether any was found."""
    content: dict[Any, list[Sample]] = {}
    asked: dict[Any, list[tuple[Sample, Any]]] = {}
    for sample in samples:
        _gather(sample, (), content, asked)
    found = False
    for place, cases in asked.items():
        if len({condition for _, condition in cases}) > 1 and place not in content:
            found |= _replace_conditions(cases)
    for place, alike in content.items():
        shallow = [(s, (s.leaf, tuple(item for item, _ in s.items))) for s in alike]
        if len({what for _, what in shallow}) > 1 and place not in asked:
            found |= _replace_content(shallow)
    return found


def _gather(sample: Sample, place: Any, content: Any, asked: Any) -> None:
    here = place
    for condition, value in () if sample.is_settled else sample.decisions.items():
        asked.setdefault(here, []).append((sample, condition))
        here = hash((here, condition, key_of(value)))
    content.setdefault(here, []).append(sample)
    for number, (_, parts) in enumerate(sample.items):
        for part in parts:
            _gather(part, hash((here, number)), content, asked)


def _replace_conditions(cases: list[tuple[Sample, Any]]) -> bool:
    try:
        made = unified(cases)
    except NoFitError:
        return False
    for sample, condition in cases:
        sample.decisions = {
            made if known == condition else known: v for known, v in sample.decisions.items()
        }
    return True


def _replace_content(cases: list[tuple[Sample, Any]]) -> bool:
    try:
        leaf, items = unified(cases)
    except NoFitError:
        return False
    for sample, _ in cases:
        sample.leaf = leaf
        parts = [part for _, part in sample.items]
        sample.items = list(zip(items, parts, strict=True))
    return True


def _templates(samples: list[Sample]) -> set[Any]:
    """Return the conditions, without their numbers, that nothing but numbers tells apart.

    A number that is no symbol has been lost on the way to the condition, which then says nothing.
    """
    met: dict[Any, set[Any]] = {}
    for sample in samples:
        for here, what, _ in _walk(sample, (), ()):
            met.setdefault(here, set()).add(what)
    found = set()
    for alternatives in met.values():
        by_template: dict[Any, int] = Counter(
            _template(what) for what in alternatives if what and isinstance(what[0], str)
        )
        found |= {template for template, count in by_template.items() if count > 1}
    return found


def _template(condition: Any) -> Any:
    """Return a condition with a mark in place of each number."""
    if isinstance(condition, tuple):
        if condition[:1] == ("i",):
            return condition
        return tuple(_template(part) for part in condition)
    return "#" if isinstance(condition, (int, float)) else condition


def _drop(samples: list[Sample], templates: set[Any]) -> None:
    for sample in samples:
        sample.decisions = {
            c: v for c, v in sample.decisions.items() if _template(c) not in templates
        }
        for _, parts in sample.items:
            _drop(parts, templates)


def _turns(sample: Sample, place: Any) -> Iterator[Sample]:
    """Yield all turns of loops, marked with the place of the loop, whatever was decided."""
    for number, (item, parts) in enumerate(sample.items):
        inside = (place, number, item.what, item.name)
        for part in parts:
            if item.what == "loop":
                vars(part)["loop_place"] = hash(inside)
                vars(part)["count"], vars(part)["length"] = item.count, len(parts)
                yield part
            yield from _turns(part, inside)


def first_apart(sample: Sample) -> None:
    turn = ("i", len(sample.turns) - 1)
    sample.decisions = {("eq", turn, 0): sample.turns[-1] == 0, **sample.decisions}


def second_apart(sample: Sample) -> None:
    turn = ("i", len(sample.turns) - 1)
    sample.decisions = {("eq", turn, 1): sample.turns[-1] == 1, **sample.decisions}


def last_apart(sample: Sample) -> None:
    count = vars(sample).get("count")
    if count is not None:
        turn = ("i", len(sample.turns) - 1)
        last = sample.turns[-1] == vars(sample)["length"] - 1
        sample.decisions = {("eq", ("add", turn, 1), count): last, **sample.decisions}


def forget(samples: list[Sample]) -> None:
    for sample in samples:
        vars(sample).pop("facts", None)
        for _, parts in sample.items:
            forget(parts)


def _walk(
    sample: Sample, place: Any, turns: tuple[Sample, ...]
) -> Iterator[tuple[Any, Any, tuple[Sample, ...]]]:
    """Yield place with decisions, content and the turns around, of everything in a sample."""
    here = place
    for condition, value in () if sample.is_settled else sample.decisions.items():
        yield here, condition, turns
        here = hash((here, condition, key_of(value)))
    yield here, (sample.leaf, tuple(item for item, _ in sample.items)), turns
    for number, (item, parts) in enumerate(sample.items):
        for part in parts:
            inside = (*turns, part) if item.what == "loop" else turns
            yield from _walk(part, hash((here, number)), inside)


def _conflict(samples: list[Sample]) -> set[int] | None:
    """Return the loops in which something differs for no known reason; None if nothing does."""
    for sample in samples:
        for _ in _turns(sample, ()):
            pass
    seen: dict[Any, Any] = {}
    around: dict[Any, set[int]] = {}
    bad: set[Any] = set()
    for sample in samples:
        for here, shallow, turns in _walk(sample, (), ()):
            if turns:
                around.setdefault(here, set()).add(vars(turns[-1])["loop_place"])
            if seen.setdefault(here, shallow) != shallow:
                bad.add(here)
    if not bad:
        return None
    return {place for key in bad for place in around.get(key, ())}


def _difference(samples: list[Sample]) -> str:
    seen: dict[Any, Any] = {}
    for sample in samples:
        for here, shallow, turns in _walk(sample, (), ()):
            before = seen.setdefault(here, shallow)
            if before != shallow:
                numbers = turns[-1].turns if turns else ()
                return f"turn {numbers}: {before} or {shallow}"
    return "?"
