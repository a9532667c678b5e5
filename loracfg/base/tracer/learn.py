"""Makes one tree of many samples: which decisions matter where, and what is made after them.

A node's decisions are dropped one by one while everything below still follows from the rest. Where
samples with the same decisions differ, the number of the turn may tell them apart (the first layer
often has another input); else the class cannot be learned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from loracfg.base.tracer.conflicts import (
    UNKNOWN,
    ConflictError,
    first_apart,
    forget,
    key_of,
    last_apart,
    outcome,
    second_apart,
    tell_turns_apart,
)
from loracfg.base.tracer.harvest import Item, Leaf, Sample

Tree = Any
"""`["?", condition, [[outcome, tree], …]]` or `["=", leaf, [item, …]]`."""


_NO_VALUE: Final = key_of(UNKNOWN)


def learn_from(samples: list[Sample], conditions: list[Any] | None, *, guards: bool) -> Tree:
    """Return the tree of samples, decided by some conditions only; guards are left out if asked.

    Raises:
        ConflictError: if no decision explains a difference between samples.
    """
    chosen = _conditions(samples) if conditions is None else conditions
    turns = [part for sample in samples for _, parts in sample.items for part in parts]
    for attempt in (None, _even_out, first_apart, second_apart, last_apart):
        if attempt is _even_out:
            _even_out(turns)
        elif attempt:
            for turn in turns:
                attempt(turn)
        forget(samples)
        if follows(samples, chosen):
            return _split(samples, chosen, _needed(samples, chosen), guards=guards)
    raise ConflictError(f"{[sample.leaf for sample in samples[:4]]}")


def _even_out(turns: list[Sample]) -> None:
    """Give each turn the decisions of all, taken or not, wherever they have an outcome."""
    conditions = dict.fromkeys(condition for turn in turns for condition in turn.decisions)
    for turn in turns:
        outcomes = ((condition, outcome(turn, condition)) for condition in conditions)
        turn.decisions = {c: value for c, value in outcomes if value is not UNKNOWN}


def learn(samples: list[Sample]) -> Tree:
    """Return the tree of a class.

    Raises:
        ConflictError: if no decision explains a difference between samples.
    """
    _settle(samples)
    forget(samples)
    tell_turns_apart(samples)
    return _learn(samples)


def learn_apart(samples: list[Sample]) -> Tree:
    """Return the tree of a class whose children stand each in a loop of one turn.

    All decisions of the class stand in each turn; those that change nothing in it are left out.
    Turns that hold no child tell instead which of them must have the outcome that they always had.

    Raises:
        ConflictError: if no decision explains a difference between samples.
    """
    _settle(samples)
    forget(samples)
    tell_turns_apart(samples)
    forget(samples)
    first = samples[0]
    items = [_apart([t for s in samples for t in s.items[n][1]]) for n in range(len(first.items))]
    decisions = [sample.items[0][1][0].taken for sample in samples]
    return ["=", first.leaf, [*_guards(samples, decisions), *items]]


def _apart(turns: list[Sample]) -> Any:
    """Return the loop of one child, decided by what it depends on."""
    conditions = _conditions(turns)
    near = _near(_needed(turns, conditions), conditions)
    for turn in turns:
        turn.decisions = {c: turn.decisions[c] for c in near if c in turn.decisions}
    kept = near if follows(turns, near) else _needed(turns, near)
    return ["loop", 1, _split(turns, near, kept)]


def _near(kept: list[Any], conditions: list[Any]) -> list[Any]:
    """Return all conditions on the keys of some: others of them may matter in what was not seen."""
    keys = {key for condition in kept for key in _keys(condition)}
    return [c for c in conditions if c in kept or keys.issuperset(_keys(c))]


def _guards(samples: list[Sample], decisions: list[dict[Any, Any]]) -> Iterator[Any]:
    """Yield a loop of no child for each decision that always had one outcome where it was taken."""
    asked: dict[Any, set[Any]] = {}
    for one in decisions:
        for condition, value in one.items():
            asked.setdefault(condition, set()).add(key_of(value))
    asked_for = Leaf("asked", "other")
    for condition in (c for c, values in asked.items() if len(values) == 1):
        turns = [
            Sample(one, asked_for if condition in one else None, [], (0,), sample.values)
            for one, sample in zip(decisions, samples, strict=True)
        ]
        order = _conditions(turns)
        before = order[: order.index(condition)]
        for turn in turns:
            turn.decisions = {c: v for c, v in turn.decisions.items() if c in before}
        kept = _near([*_needed(turns, before), condition], before)
        for turn, one in zip(turns, decisions, strict=True):
            turn.leaf = None
            turn.decisions = {c: one[c] for c in [*kept, condition] if c in one}
        yield ["loop", 1, _split(turns, [*kept, condition], kept)]


def _keys(condition: Any) -> Iterator[str]:
    if isinstance(condition, tuple):
        if condition[:1] == ("attr",):
            yield condition[1]
        for part in condition[1:]:
            yield from _keys(part)


def _settle(samples: list[Sample]) -> None:
    """Mark what is the same in all samples: how it came about does not matter.

    Modules that never have anything of their own, as rotary embeddings, lose their decisions.
    """
    by_place: dict[Any, list[tuple[Sample, int]]] = {}

    def visit(sample: Sample, place: Any) -> int:
        below = []
        for item, parts in sample.items:
            inside = [visit(part, (place, item.what, item.name)) for part in parts]
            below.append(hash((item, *dict.fromkeys(inside))))
        content = hash((sample.leaf, *below))
        by_place.setdefault(place, []).append((sample, content))
        return content

    for sample in samples:
        visit(sample, ())
    for found in by_place.values():
        idle = not any(_has_content(sample) for sample, _ in found)
        settled = len({content for _, content in found}) == 1
        for sample, _ in found:
            sample.is_settled = settled
            if idle:
                sample.decisions = {}


def _has_content(sample: Sample) -> bool:
    leaf = sample.leaf
    return leaf is None or bool(sample.items or leaf.parameters or leaf.buffers or leaf.activation)


def _learn(samples: list[Sample]) -> Tree:
    conditions = _conditions(samples)
    kept = _needed(samples, conditions)
    return _split(samples, conditions, kept)


def _conditions(samples: list[Sample]) -> list[Any]:
    """Return all conditions of the samples in an order in which they were met."""
    ordered: dict[Any, None] = {}
    for sample in sorted(samples, key=lambda s: -len(s.decisions)):
        ordered |= dict.fromkeys(sample.decisions)
    return list(ordered)


def _needed(samples: list[Sample], conditions: list[Any]) -> list[Any]:
    """Return the conditions on which something below depends."""
    table = _Table(samples, conditions)
    kept = [at for at in range(len(conditions)) if table.varies(at)]
    if not kept or table.follows([]):
        return []
    unknown = [at for at in kept if table.has_unknown(at)]
    order = list(dict.fromkeys([*unknown, *kept]))
    size = max(len(order) // 2, 1)
    while True:
        for start in range(0, len(order), size):
            dropped = {*order[start : start + size]}
            fewer = [at for at in kept if at not in dropped]
            if len(fewer) < len(kept) and table.follows(fewer):
                kept = fewer
        order = [at for at in order if at in kept]
        if size == 1:
            return [conditions[at] for at in kept]
        size = max(size // 2, 1)


def follows(samples: list[Sample], conditions: list[Any]) -> bool:
    """Tell whether all that samples hold follows from the outcomes of some conditions."""
    return _Table(samples, conditions).follows(range(len(conditions)))


class _Table:
    """The outcomes of conditions, by sample."""

    def __init__(self, samples: list[Sample], conditions: list[Any]) -> None:
        self.met = [[c in s.decisions for c in conditions] for s in samples]
        self.rows = [[key_of(outcome(s, c)) for c in conditions] for s in samples]
        self.facts = [_facts(s) for s in samples]

    def varies(self, at: int) -> bool:
        """Tell whether samples differ by a condition, or by whether they met it."""
        return len({(m[at], r[at] if m[at] else None) for m, r in zip(self.met, self.rows)}) > 1  # noqa: B905

    def has_unknown(self, at: int) -> bool:
        """Tell whether a condition has no value for some sample."""
        return any(row[at] == _NO_VALUE for row in self.rows)

    def follows(self, chosen: Sequence[int]) -> bool:
        """Tell whether all that samples hold follows from some conditions, in their order."""
        seen: dict[Any, dict[Any, Any]] = {}
        for row, facts in zip(self.rows, self.facts, strict=True):
            known = seen.setdefault(tuple([row[at] for at in chosen]), {})
            for place, what in facts:
                if known.setdefault(place, what) != what:
                    return False
        return True


def _facts(sample: Sample) -> list[tuple[Any, Any]]:
    """Return what stands at and below a sample, each fact once, by place and decisions on the way."""
    cached = vars(sample).get("facts")
    if cached is not None:
        return cached  # type: ignore[no-any-return]
    shallow = (sample.leaf, tuple(item for item, _ in sample.items))
    found: dict[tuple[Any, Any], None] = {((), hash(shallow)): None}
    for number, (_, parts) in enumerate(sample.items):
        for part in parts:
            step = hash(number)
            for condition, value in () if part.is_settled else part.decisions.items():
                found[(hash((step, ())), hash(condition))] = None
                step = hash((step, condition, key_of(value)))
            for place, what in _facts(part):
                found[(hash((step, place)), what)] = None
    facts = list(found)
    vars(sample)["facts"] = facts
    return facts


def _split(
    samples: list[Sample], conditions: list[Any], kept: list[Any], *, guards: bool = True
) -> Tree:
    for number, condition in enumerate(conditions):
        met = [s.decisions[condition] for s in samples if condition in s.decisions]
        if condition not in kept and not met:
            continue
        if not met and follows(samples, [c for c in conditions[number + 1 :] if c in kept]):
            continue
        rest = conditions[number + 1 :]
        without = [s for s in samples if outcome(s, condition) is UNKNOWN]
        if condition in kept and without and len(without) < len(samples):
            having = [s for s in samples if outcome(s, condition) is not UNKNOWN]
            inner = _split(having, conditions[number:], kept, guards=guards)
            other = _split(without, rest, kept, guards=guards)
            return ["?", ("known", condition), [[True, inner], [False, other]]]
        outcomes = {key_of(value): value for value in met}
        for sample in samples:
            value = outcome(sample, condition)
            if value is not UNKNOWN:
                outcomes.setdefault(key_of(value), value)
        if len(outcomes) == 1:
            if not guards or not met:
                continue
            required = len(met) == len(samples)
            return ["!", condition, met[0], required, _split(samples, rest, kept)]
        if condition in kept and len(outcomes) > 1:
            branches = []
            for value in outcomes.values():
                own = [s for s in samples if key_of(outcome(s, condition)) == key_of(value)]
                branches.append([value, _split(own, rest, kept, guards=guards)])
            return ["?", condition, branches]
    return _leaf(samples)


def _leaf(samples: list[Sample]) -> Tree:
    first = samples[0]
    shallow = (first.leaf, [item for item, _ in first.items])
    for sample in samples[1:]:
        if (sample.leaf, [item for item, _ in sample.items]) != shallow:
            raise ConflictError(f"{shallow} or {(sample.leaf, [i for i, _ in sample.items])}")
    items = []
    for number, (item, _) in enumerate(first.items):
        pooled = [part for sample in samples for part in sample.items[number][1]]
        items.append(_item(item, pooled))
    return ["=", first.leaf, items]


def _item(item: Item, samples: list[Sample]) -> Any:
    if item.what == "alias":
        return ["alias", item.name, item.target]
    tree = _learn(samples) if samples else None
    if item.what == "loop":
        return ["loop", item.count, tree]
    return ["child", item.name, tree]
