"""Makes the catalogue's entry of a model type: draws configs, traces classes, learns their trees."""

from __future__ import annotations

import functools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from loracfg.base import transformers as builder
from loracfg.base.architecture import Architecture, Module
from loracfg.base.catalogue.tree import DeclinedError, Evaluation, turning_nodes
from loracfg.base.sandbox import quiet
from loracfg.base.tracer.attributes import ConfigTrace, guards, learn_attribute
from loracfg.base.tracer.activations import activations
from loracfg.base.tracer.draw import Draw
from loracfg.base.tracer.shape import Shape, shape_of
from loracfg.base.tracer.encode import Nodes
from loracfg.base.tracer.harvest import DROP_PATH, Sample
from loracfg.base.tracer.conflicts import ConflictError
from loracfg.base.tracer.learn import Tree, learn, learn_from
from loracfg.base.tracer.instruments import values_of
from loracfg.base.tracer.probes import allowed_kinds
from loracfg.base.tracer.trace import Trace, trace

FIRST_SAMPLES: Final = 8
MOST_TRIES: Final = 24
CANDIDATES: Final = 160
"""Configs per round that are tried on the tree; only where it declines is the class traced."""
MOST_SAMPLES: Final = 80
MOST_FAILURES: Final = 40
VERIFIED: Final = 8
"""Configs per round that are traced although the tree has an answer."""
ROUNDS: Final = 3
CONFIG_DRAWS: Final = 90
CONFIG_ROUNDS: Final = 4
CONFIG_VERIFIED: Final = 30
"""Configs per round on which the trees of attributes are tried; the last must all be right."""


class NoEntryError(Exception):
    """A class or a type cannot be put into the catalogue; the message says why."""


@dataclass
class ClassTree:
    """What was learned of one class."""

    name: str
    tree: Tree
    embeddings: Tree
    samples: list[Sample]
    reads: dict[str, str] = field(default_factory=dict)
    """Attributes that every trace asked for, with the one kind of value that they had."""
    attributes: frozenset[str] = frozenset()
    """All attributes that a trace asked for."""

    @functools.cached_property
    def nodes(self) -> Nodes:
        """The nodes of the tree."""
        return Nodes()

    @functools.cached_property
    def root(self) -> Any:
        """The number of the tree's first node."""
        return self.nodes.number(self.tree)

    @functools.cached_property
    def turning(self) -> frozenset[int]:
        """The nodes that depend on the turn of a loop."""
        assert self.root is not None
        return turning_nodes(self.nodes.found)

    def modules(self, values: Any) -> tuple[dict[str, Module], dict[str, str]]:
        """Return the modules and aliases that the tree gives for a config's attributes.

        Raises:
            DeclinedError: if it has no answer.
        """
        assert self.root is not None
        evaluation = Evaluation(self.nodes.found, values, self.turning, activations())
        skeleton = evaluation.skeleton(self.root)
        return evaluation.modules(skeleton), skeleton.aliases

    def open_conditions(self) -> list[Any]:
        """Return the conditions of which one outcome alone was seen."""
        assert self.root is not None
        return [node[1] for node in self.nodes.found if node[0] == "!"]


@dataclass
class TypeEntry:
    """What was learned of one model type."""

    model_type: str
    config_class: str
    parts: dict[str, str]
    defaults: dict[str, Any]
    classes: list[ClassTree] = field(default_factory=list)
    attributes: dict[str, Tree] = field(default_factory=dict)
    guards: list[tuple[Any, Any]] = field(default_factory=list)
    kinds: dict[str, list[str]] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)


def trace_type(
    model_type: str, classes: Iterable[str], report: Callable[[str], None] = lambda _: None
) -> TypeEntry:
    """Trace all classes of a model type.

    Raises:
        NoEntryError: if none can be traced, or its config class cannot.
    """
    from transformers import CONFIG_MAPPING

    config_class = CONFIG_MAPPING[model_type]
    try:
        with quiet():
            shape = shape_of(config_class())
    except Exception as error:
        raise NoEntryError(f"{config_class.__name__} has no default: {error}") from error
    parts = {name: part.cls.model_type for name, part in shape.parts.items()}
    entry = TypeEntry(model_type, config_class.__name__, parts, shape.defaults())
    pools: dict[str, set[Any]] = {}
    known: list[Any] = []
    for name in classes:
        try:
            entry.classes.append(_trace_class(name, config_class, shape, pools, known))
        except NoEntryError as error:
            entry.withdrawn[name] = f"{error}"
            report(f"{name}: {error}")
    if not entry.classes:
        raise NoEntryError(next(iter(entry.withdrawn.values()), "no class"))
    _learn_attributes(entry, config_class, shape, pools)
    return entry


def _trace_class(
    name: str, config_class: Any, shape: Shape, pools: dict[str, set[Any]], known: list[Any]
) -> ClassTree:
    """Trace a class; `known` are configs that told something of other classes, and grows."""
    run = _Run(name, config_class, shape, pools)
    run.begin(known)
    candidates = known
    for _ in range(ROUNDS):
        run.explore(candidates)
        candidates = []
        if run.verify():
            break
    for sample in run.samples:
        wrong = _difference(run.made, sample.values, sample.architecture)
        if wrong:
            raise NoEntryError(f"differs: {wrong}")
    known += run.told
    return run.made


class _Run:
    """The tracing of one class: samples as they come, and what was learned of them."""

    def __init__(
        self, name: str, config_class: Any, shape: Shape, pools: dict[str, set[Any]]
    ) -> None:
        self.name = name
        self.config_class = config_class
        self.shape = shape
        self.pools = pools
        self.draw = Draw(random.Random(name), pools)  # noqa: S311  # draws examples, no secrets
        self.samples: list[Sample] = []
        self.errors: Counter[str] = Counter()
        self.told: list[Any] = []
        self.made: ClassTree

    def begin(self, known: list[Any]) -> None:
        """Trace the default config and some more, or those that told something of other classes.

        Raises:
            NoEntryError: if none can be built, or nothing can be learned of them.
        """
        for settings in known[:FIRST_SAMPLES]:
            self.add(settings)
        for number in range(MOST_TRIES):
            if len(self.samples) >= FIRST_SAMPLES:
                break
            self.draw.small = bool(self.samples) or number % 2 == 0
            settings = self.settings(rate=0.0 if number < 2 else None)
            if self.add(settings):
                self.told.append(settings)
        self.draw.small = True
        if not self.samples:
            why = self.errors.most_common(1)
            raise NoEntryError(f"not built: {why[0][0]}" if why else "not built")
        self.shape.add_absent(self.absent())
        self.learn()

    def absent(self) -> list[str]:
        """Return the attributes that the class asked for, and that no config had."""
        paths = dict.fromkeys(path for sample in self.samples for path in sample.asked)
        had = {p for s in self.samples for p, kind in s.asked.items() if kind != "absent"}
        return [path for path in paths if path not in had]

    def learn(self) -> None:
        """Learn the tree anew.

        Raises:
            NoEntryError: if the samples contradict each other.
        """
        try:
            self.made = _learned(self.name, self.samples)
        except ConflictError as error:
            raise NoEntryError(f"not learned: {str(error)[:2000]}") from error

    def settings(self, rate: float | None = None, near: frozenset[str] = frozenset()) -> Any:
        """Return a config object that was drawn, None if its class refuses it."""
        raw = self.draw.config(self.shape, rate=rate, near=near)
        try:
            with quiet():
                return self.config_class.from_dict(raw)
        except Exception as error:  # foreign constructors raise what they like
            self.errors[f"{type(error).__name__}: {str(error)[:150]}"] += 1
            return None

    def add(self, settings: Any) -> Trace | None:
        """Trace a config and keep the sample."""
        if settings is None:
            return None
        try:
            traced = trace(self.name, settings)
        except Exception as error:  # foreign constructors raise what they like
            self.errors[f"{type(error).__name__}: {str(error)[:150]}"] += 1
            return None
        traced.sample.embeddings = traced.embeddings
        traced.sample.asked = _kinds(traced.sample)
        traced.sample.architecture = builder.architecture_of(traced.model)
        self.samples.append(traced.sample)
        collect_pools(traced.sample, self.pools)
        return traced

    def explore(self, candidates: list[Any]) -> None:
        """Look for configs on which the tree declines, the given ones first, and trace those."""
        failed = unlearned = 0
        for number in range(len(candidates) + CANDIDATES):
            if len(self.samples) >= MOST_SAMPLES or failed >= MOST_FAILURES:
                break
            if number < len(candidates):
                settings = candidates[number]
            else:
                near = self.open_attributes() if number % 2 else frozenset()
                settings = self.settings(near=near)
            if settings is None or not self.declines(settings):
                continue
            if self.add(settings) is None:
                failed += 1
                continue
            if number >= len(candidates):
                self.told.append(settings)
            unlearned += 1
            if unlearned > len(self.samples) // 6:
                self.learn()
                unlearned = 0
        if unlearned:
            self.learn()

    def declines(self, settings: Any) -> bool:
        """Tell whether the tree has no answer for a config."""
        try:
            self.made.modules(values_of(settings))
        except DeclinedError:
            return True
        return False

    def open_attributes(self) -> frozenset[str]:
        """Return attributes of a condition of which only one outcome was seen."""
        conditions = self.made.open_conditions()
        if not conditions:
            return frozenset()
        return frozenset(_mentions(self.draw.rng.choice(conditions)))

    def verify(self) -> bool:
        """Tell whether the tree foretells further configs; what it does not is learned."""
        before = len(self.samples)
        for _ in range(VERIFIED):
            settings = self.settings()
            made = self.add(settings)
            if made and self.foretold(made.sample):
                self.samples.pop()
            elif made:
                self.told.append(settings)
        if len(self.samples) == before:
            return True
        self.learn()
        return False

    def foretold(self, sample: Sample) -> bool:
        """Tell whether the tree gives what a sample shows."""
        return _difference(self.made, sample.values, sample.architecture) is None


def _learned(name: str, samples: list[Sample]) -> ClassTree:
    asked = [sample.asked for sample in samples]
    reads = _always_alike(asked)
    for sample in samples:
        _restore(sample, {("kind", ("attr", path)) for path in reads})
    tree = learn(samples)
    roots = [Sample(s.decisions, s.embeddings, [], (), s.values) for s in samples]
    embeddings = learn_from(roots, None, guards=False)
    attributes = frozenset(path for kinds in asked for path in kinds)
    return ClassTree(name, tree, embeddings, list(samples), reads, attributes)


def _kinds(sample: Sample) -> dict[str, str]:
    """Return the attributes that a trace asked for, with the kind of their value."""
    return {
        condition[1][1]: kind
        for condition, kind in _all_decisions(sample)
        if condition[0] == "kind" and condition[1][0] == "attr"
    }


def _always_alike(asked: list[dict[str, str]]) -> dict[str, str]:
    first = asked[0]
    return {
        path: kind
        for path, kind in first.items()
        if all(kinds.get(path) == kind for kinds in asked)
    }


def _restore(sample: Sample, dropped: set[Any]) -> None:
    """Give a sample its decisions as they were taken, without those that never matter."""
    sample.decisions = {c: v for c, v in sample.taken.items() if c not in dropped}
    for _, parts in sample.items:
        for part in parts:
            _restore(part, dropped)


def _difference(made: ClassTree, values: Any, real: Architecture) -> str | None:
    """Return what the tree says otherwise than the model, or None."""
    try:
        modules, aliases = made.modules(values)
    except DeclinedError as error:
        return f"declined, {error}"
    ours, theirs = _comparable(modules), _comparable(real.modules)
    if list(ours) != list(theirs):
        return "other modules"
    wrong = next((path for path in ours if ours[path] != theirs[path]), None)
    if wrong:
        return f"`{wrong}` is {ours[wrong]}, not {theirs[wrong]}"
    return None if aliases == real.aliases else "other aliases"


def _comparable(modules: dict[str, Module]) -> dict[str, Module]:
    return {
        path: m._replace(class_name="Identity") if DROP_PATH.fullmatch(m.class_name) else m
        for path, m in modules.items()
    }


def collect_pools(sample: Sample, pools: dict[str, set[Any]]) -> None:
    """Add to the pools the constants that decisions compare attributes with."""
    for condition in sample.decisions:
        for path, value in _compared(condition):
            pools.setdefault(path, set()).add(value)
    for _, parts in sample.items:
        for part in parts[:6]:
            collect_pools(part, pools)


def _compared(condition: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(condition, tuple):
        return
    if condition[0] in ("eq", "lt", "le", "gt", "ge"):
        left, right = condition[1:]
        if isinstance(right, tuple):
            left, right = right, left
        while isinstance(left, tuple) and left[0] == "at":
            left = left[1]
        if isinstance(left, tuple) and left[0] == "attr" and not isinstance(right, tuple):
            yield left[1], right
    if condition[0] == "bool" and condition[1][:1] == ("attr",):
        yield condition[1][1], 0
    for part in condition[1:]:
        yield from _compared(part)


def _learn_attributes(
    entry: TypeEntry, config_class: Any, shape: Shape, pools: dict[str, set[Any]]
) -> None:
    asked = {path for one in entry.classes for path in one.attributes}
    wanted = sorted({*asked, "vocab_size", "tie_word_embeddings"})
    draw = Draw(random.Random(entry.model_type), pools, small=False)  # noqa: S311
    drawn = _ConfigDraws(config_class, shape, entry.defaults, wanted, draw)
    known = drawn.extend(CONFIG_DRAWS)
    if not known:
        raise NoEntryError(f"the config class fails: {drawn.errors.most_common(1)}")
    for path in wanted:
        entry.attributes[path] = None
    for _ in range(CONFIG_ROUNDS):
        fresh = drawn.extend(CONFIG_VERIFIED)
        wrong = [path for path in wanted if not _foretells(entry.attributes[path], path, fresh)]
        for path in wrong:
            _learn_attribute(entry, path, shape, known, fresh, drawn.keys())
        known = [*known, *fresh]
        if not wrong:
            break
    last = drawn.extend(CONFIG_VERIFIED) if wrong else []
    for path, tree in entry.attributes.items():
        if tree is not None and any(one.foretold(path, tree) is False for one in last):
            entry.withdrawn[f"attribute {path}"] = "it is not foretold"
            entry.attributes[path] = None
    entry.guards = guards(drawn.traces)
    given = {path for one in drawn.traces for path in _paths(one.raw.value)}
    never = _never_made(wanted, drawn.traces) - shape.keys()
    for path in sorted((shape.extras() - given) | never):
        entry.guards.append((("kind", ("attr", path)), "absent"))


def _foretells(tree: Tree, path: str, traces: list[ConfigTrace]) -> bool:
    return tree is not None and all(one.foretold(path, tree) for one in traces)


def _learn_attribute(
    entry: TypeEntry,
    path: str,
    shape: Shape,
    known: list[ConfigTrace],
    fresh: list[ConfigTrace],
    keys: list[str],
) -> None:
    try:
        extras, own = sorted(shape.extras()), _own(path, shape)
        made = learn_attribute(path, known, fresh, keys, extras, own)
        entry.attributes[path] = made
        entry.withdrawn.pop(f"attribute {path}", None)
    except ConflictError as error:
        entry.withdrawn[f"attribute {path}"] = str(error)[:300]
        entry.attributes[path] = None


class _ConfigDraws:
    """Configs that were drawn for a config class, with what it made of them."""

    def __init__(
        self, config_class: Any, shape: Shape, defaults: Any, wanted: list[str], draw: Draw
    ) -> None:
        self.config_class = config_class
        self.shape = shape
        self.defaults = defaults
        self.wanted = wanted
        self.draw = draw
        self.traces: list[ConfigTrace] = []
        self.errors: Counter[str] = Counter()
        self.number = 0

    def extend(self, count: int) -> list[ConfigTrace]:
        """Draw so many configs, and as many again in place of those that are refused."""
        before = len(self.traces)
        for _ in range(count * 2):
            if len(self.traces) - before < count:
                self.add()
        return self.traces[before:]

    def add(self) -> None:
        """Draw a config; keys of conditions with one outcome are changed in every second one."""
        self.draw.small = self.number % 3 == 0
        is_near = self.number % 2 == 1
        near = frozenset(_open_keys(self.traces, self.draw.rng)) if is_near else frozenset()
        raw = self.draw.config(self.shape, near=near) if self.number else {}
        self.number += 1
        try:
            made = ConfigTrace(self.config_class, raw, self.defaults, self.wanted)
        except Exception as error:  # foreign constructors raise what they like
            self.errors[f"{type(error).__name__}: {str(error)[:150]}"] += 1
            return
        self.traces.append(made)
        for condition in made.decisions:
            for path, value in _compared(condition):
                self.draw.pools.setdefault(path, set()).add(value)

    def keys(self) -> list[str]:
        """Return the paths of all keys that have a default or were drawn."""
        drawn = (key for one in self.traces for key in _paths(one.raw.value))
        return sorted({*self.defaults, *drawn})


def _never_made(wanted: list[str], traces: list[ConfigTrace]) -> set[str]:
    """Return the attributes that models ask for, and that no config had, whatever its keys."""
    return {path for path in wanted if all(not trace.has(path) for trace in traces)}


def _open_keys(traces: list[ConfigTrace], rng: random.Random) -> Iterator[str]:
    """Yield the keys of a condition that always had the same outcome."""
    closed = guards(traces)
    return _mentions(rng.choice(closed)[0]) if closed else iter(())


def _all_decisions(sample: Sample) -> Iterator[tuple[Any, Any]]:
    yield from sample.decisions.items()
    for _, parts in sample.items:
        for part in parts:
            yield from _all_decisions(part)


def _mentions(expression: Any) -> Iterator[str]:
    if isinstance(expression, (list, tuple)):
        if expression and expression[0] == "attr":
            yield expression[1]
        for part in expression:
            yield from _mentions(part)


def _paths(raw: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in raw.items():
        yield prefix + key
        if isinstance(value, dict):
            yield from _paths(value, f"{prefix}{key}.")


def _own(path: str, shape: Shape) -> set[str]:
    """Return the keys that most likely make an attribute: its own, its alias's, its parents'."""
    *parents, name = path.split(".")
    found = {".".join(parents[: n + 1]) for n in range(len(parents))}
    at: Shape | None = shape
    for parent in parents:
        at = at.parts.get(parent) if at else None
    names = {name}
    if at and name in at.aliases:
        names.add(at.aliases[name])
    prefix = ".".join(parents)
    return found | {f"{prefix}.{one}" if prefix else one for one in names}
