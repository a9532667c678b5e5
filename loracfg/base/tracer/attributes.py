"""How a config class makes its attributes of the keys of a `config.json`: one tree for each."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from loracfg.base.catalogue.expression import ABSENT, UnknownValueError, evaluate, kind_of
from loracfg.base.catalogue.tree import DeclinedError, Evaluation
from loracfg.base.catalogue.raw import Raw
from loracfg.base.sandbox import quiet
from loracfg.base.tracer.encode import Nodes
from loracfg.base.tracer.harvest import Item, Sample, normal_decisions, normal_expression
from loracfg.base.tracer.instruments import LAYERED, RATE, instrument_configs, layered_values
from loracfg.base.tracer.conflicts import ConflictError
from loracfg.base.tracer.learn import Tree, learn_from
from loracfg.base.tracer.recorder import Loop, recorder
from loracfg.base.tracer.rewrite import MadeList
from loracfg.base.tracer.symbols import SymList, expression_of, plain, symbol

_MISSING: Final = object()
_REFUSED: Final = object()
_NUMBER: Final = re.compile(r"\d+")


class Way(NamedTuple):
    """How to read a sample of an attribute.

    `is_kept`: what equals the key was taken from it; `is_own_loop`: the loop that made a list
    alone decided on its items, not others before it; `count`: how long every list is;
    `is_partial`: lists whose items a class makes one by one are left unknown.
    """

    is_kept: bool
    is_own_loop: bool
    count: Any = None
    is_partial: bool = False


WAYS: Final = (Way(True, True), Way(False, True), Way(True, False), Way(False, False))
PARTIAL: Final = Way(is_kept=True, is_own_loop=True, is_partial=True)
FEW: Final = 8
"""A tree that is wrong for no more than one in so many further configs is learned anew with them."""
GUARDED: Final = 4
"""So many runs must have asked for a condition before it counts as one of the class."""


class ConfigTrace:
    """One run of a config class on symbols: its decisions, and what each attribute is made of."""

    def __init__(
        self,
        config_class: Any,
        raw: dict[str, Any],
        defaults: dict[str, Any],
        wanted: Iterable[str],
    ) -> None:
        """Run the class.

        Raises:
            Exception: whatever the class raises.
        """
        instrument_configs()
        self.raw = Raw(raw, defaults)
        with quiet(), recorder.recording():
            config = config_class.from_dict(_symbolic(self.raw.filled(), ""))
            found = {path: _read_or_refused(config, path) for path in wanted}
            root, self.loops = recorder.root, recorder.loops
        self.decisions = normal_decisions(root)
        self.found = found

    def sample(self, path: str, keys: Iterable[str], way: Way) -> Sample:
        """Return the sample of one attribute."""
        leaf, items = self._leaf(path, way)
        decisions = {}
        for key in keys:
            if RATE.search(key):
                continue
            value = self.raw[key]
            decisions[("kind", ("attr", key))] = kind_of(value)
            if isinstance(value, bool):
                decisions[("attr", key)] = value
        return Sample(decisions | self.decisions, leaf, items, (), self.raw)

    def _leaf(self, path: str, way: Way) -> tuple[Any, list[tuple[Item, list[Sample]]]]:
        value = self.found[path]
        if path.rpartition(".")[2] == "num_labels":
            return ("attr", path), []
        if value is _MISSING:
            return ("absent",), []
        if value is _REFUSED:
            return ("refused",), []
        if isinstance(value, tuple) and value[:1] == ("config",):
            return value, []
        if way.is_partial and type(value) in (list, MadeList) and value:
            return ("refused",), []
        if isinstance(value, MadeList) or (way.count is not None and isinstance(value, list)):
            found = self._comprehension(value, way)
            if found is not None and expression_of(value) != ("attr", path):
                return found
        if way.is_kept and (value is None or isinstance(value, bool)) and self.raw[path] is value:
            return ("attr", path), []
        if isinstance(value, dict):
            return ("dict",), []
        return normal_expression(expression_of(value)), []

    def has(self, path: str) -> bool:
        """Tell whether the config has an attribute."""
        return self.found[path] is not _MISSING

    def refuses(self, path: str) -> bool:
        """Tell whether the config raises where an attribute is asked for."""
        return self.found[path] is _REFUSED

    def foretold(self, path: str, tree: Tree) -> bool | None:
        """Tell whether a tree gives what an attribute is; None if it declines."""
        nodes = Nodes()
        root = nodes.number(tree)
        try:
            made = Evaluation(nodes.found, self.raw).value(root)
        except DeclinedError:
            return None
        found = self.found[path]
        if found is _MISSING or made is ABSENT:
            return found is _MISSING and made is ABSENT
        if found is _REFUSED:
            return None
        if isinstance(found, dict):
            return made == {}
        if isinstance(found, (list, tuple)) and found[:1] != ("config",):
            found = list(found)
        found = plain(found)
        return type(made) is type(found) and bool(made == found)

    def value(self, expression: Any) -> Any:
        """Return the value of an expression over the keys, None if it has none."""
        try:
            return evaluate(expression, self.raw)
        except UnknownValueError:
            return None

    def counts(self, path: str) -> list[Any]:
        """Return the expressions that give the length of a list, those of loops first."""
        value = self.found[path]
        if not isinstance(value, (list, tuple)) or value[:1] == ("config",):
            return []
        length = len(plain(value))
        loops = [normal_expression(one.count) for one in self.loops if one.length == length]
        keys = [("attr", key) for key, number in self.raw.items() if type(number) is int]
        equal = [key for key in keys if self.raw[key[1]] == length]
        return [one for one in dict.fromkeys([*loops, *equal]) if "num_labels" not in str(one)]

    def _comprehension(self, value: Any, way: Way) -> tuple[Any, list[Any]] | None:
        """Return a list as what a loop makes, if one does."""
        if not value or any(isinstance(item, (list, dict)) for item in value):
            return None
        own = value if isinstance(value, MadeList) else None
        count = normal_expression(own.count) if own else way.count
        if count is None or self.value(count) is None:
            return None
        first = len(value) - own.loop.length if own and own.before is not None else 0
        loops = [own.loop] if own and way.is_own_loop else self.loops
        items = []
        for number, item in enumerate(_items(value)[first:]):
            decisions: dict[Any, Any] = {}
            for one in loops:
                for turn in {number, number - len(value) + first + one.length}:
                    if 0 <= turn < one.length:
                        at = ((one.uid, number),)
                        decisions |= normal_decisions(one.iterations[turn], at)
            at = ((own.loop.uid, number),) if own else ()
            leaf = normal_expression(_text(expression_of(item), number), at)
            items.append(Sample(decisions, leaf, [], (number,), self.raw))
            vars(items[-1])["count"], vars(items[-1])["length"] = count, len(value) - first
        before = () if own is None or own.before is None else (normal_expression(own.before),)
        return ("comp", *before), [(Item("loop", None, count), items)]


def _items(value: Any) -> list[Any]:
    return plain(value) if isinstance(value, SymList) else [*list.__iter__(value)]


def _text(expression: Any, number: int) -> Any:
    """Return a string that holds the number of a turn as an expression of it."""
    found = _NUMBER.findall(expression) if type(expression) is str else []
    if len(found) != 1 or number < 0:
        return expression
    before, after = expression.split(found[0], 1)
    offset = int(found[0]) - number
    return ("text", before, ("add", ("i", 0), offset) if offset else ("i", 0), after)


def learn_attribute(
    path: str,
    traces: list[ConfigTrace],
    fresh: list[ConfigTrace],
    keys: list[str],
    extras: list[str],
    own: set[str],
) -> Tree:
    """Return the tree that makes one attribute of the keys of a config.

    It follows from `traces`, and is right for `fresh` wherever it does not decline.

    Raises:
        ConflictError: if the keys do not tell what it is.
    """
    failure = ConflictError("it is not foretold")
    for known in (traces, [trace for trace in traces if not trace.refuses(path)]):
        if not known:
            break
        for way in (*WAYS, *_counted_ways(path, known), PARTIAL):
            try:
                return _learn_attribute(path, known, fresh, keys, extras, own, way)
            except ConflictError as error:
                failure = error
        if len(known) == len(traces):
            break
    raise failure


def _learn_attribute(
    path: str,
    traces: list[ConfigTrace],
    fresh: list[ConfigTrace],
    keys: list[str],
    extras: list[str],
    own: set[str],
    way: Way,
) -> Tree:
    """Return the first tree, by the keys that may decide, that is right for further configs."""
    failure = ConflictError("it is not foretold")
    samples = [trace.sample(path, keys, way) for trace in traces]
    for near in _stages(samples, extras, own):
        try:
            tree = _learn_of(samples, near)
            told = [trace.foretold(path, tree) for trace in fresh]
            if all(told):
                return tree
            if told.count(False) <= len(told) // FEW:  # the next round tells whether it was all
                return _learn_of([t.sample(path, keys, way) for t in (*traces, *fresh)], near)
        except ConflictError as error:
            failure = error
    raise failure


def _learn_of(samples: list[Sample], near: set[str] | None) -> Tree:
    conditions = _conditions(samples)
    chosen = near and [c for c in conditions if _mentions(c) and _mentions(c) <= near]
    return learn_from(samples, chosen, guards=False)


def _stages(samples: list[Sample], extras: list[str], own: set[str]) -> Iterator[set[str] | None]:
    """Yield the keys that may decide: the attribute's own, what it is made of, one extra, all."""
    named = own.union(*(_named(sample) for sample in samples))
    yield own
    yield named
    for key in extras:
        if key not in named:
            yield {*named, key}
    yield None


def _named(sample: Sample) -> set[str]:
    """Return the keys that an attribute is made of."""
    found = _mentions(sample.leaf)
    for item, parts in sample.items:
        found |= _mentions(item.count).union(*(_named(part) for part in parts))
        found |= {key for part in parts for c in part.decisions for key in _mentions(c)}
    return found


def _counted_ways(path: str, traces: list[ConfigTrace]) -> Iterator[Way]:
    """Yield the ways that take a list as long as an expression gives for all traces."""
    made = [one for one in traces if isinstance(one.found[path], list)]
    found = dict.fromkeys(count for one in made for count in one.counts(path))
    for count in found:
        having = [one for one in made if one.value(count) is not None]
        if len(having) >= GUARDED and all(count in one.counts(path) for one in having):
            yield Way(is_kept=True, is_own_loop=False, count=count)


def guards(traces: list[ConfigTrace]) -> list[tuple[Any, Any]]:
    """Return the conditions that always have the same outcome: where they have not, it is unknown."""
    asked: dict[Any, list[Any]] = {}
    for trace in traces:
        for condition, value in trace.decisions.items():
            if condition[0] != "kind" and not _is_idle(condition):
                asked.setdefault(condition, []).append(value)
    return [
        (condition, values[0])
        for condition, values in asked.items()
        if len(values) >= min(GUARDED, len(traces)) and _is_unanimous(condition, values[0], traces)
    ]


def _is_unanimous(condition: Any, value: Any, traces: list[ConfigTrace]) -> bool:
    for trace in traces:
        try:
            if evaluate(condition, trace.raw) != value:
                return False
        except UnknownValueError:
            continue
    return True


def _is_idle(condition: Any) -> bool:
    """Tell whether a condition is about rates, or about numbers that JSON does not have."""
    if isinstance(condition, float):
        return not math.isfinite(condition)
    if not isinstance(condition, tuple):
        return False
    if condition[0] == "attr":
        return bool(RATE.search(condition[1])) or condition[1].endswith("_token_id")
    return any(_is_idle(part) for part in condition[1:])


def _conditions(samples: list[Sample]) -> list[Any]:
    return list(dict.fromkeys(c for sample in samples for c in sample.decisions))


def _mentions(condition: Any) -> set[str]:
    if not isinstance(condition, tuple):
        return set()
    if condition[0] == "attr":
        return {condition[1]}
    return {name for part in condition[1:] for name in _mentions(part)}


def _symbolic(value: Any, path: str) -> Any:
    if isinstance(value, dict):
        return {
            key: item if key == "model_type" else _symbolic(item, f"{path}.{key}" if path else key)
            for key, item in value.items()
        }
    return symbol(value, ("attr", path))


def _read_or_refused(config: Any, path: str) -> Any:
    try:
        return _read(config, path)
    except Exception:  # a property that checks other attributes
        return _REFUSED


def _read(config: Any, path: str) -> Any:
    from transformers import PreTrainedConfig

    before, layered, name = path.rpartition(f"{LAYERED}.")
    if layered:
        owner = _at(config, before.rstrip(".")) if before else config
        values = layered_values(owner) if isinstance(owner, PreTrainedConfig) else {}
        return values.get(name, _MISSING)
    value = _at(config, path)
    return ("config", type(value).__name__) if isinstance(value, PreTrainedConfig) else value


def _at(config: Any, path: str) -> Any:
    value = config
    for name in path.split("."):
        if isinstance(value, dict):
            return _MISSING
        plainly = getattr(value, "_getattr_without_heterogeneous_validation", None)
        value = plainly(name, _MISSING) if plainly else getattr(value, name, _MISSING)
        if value is _MISSING:
            return _MISSING
    return value
