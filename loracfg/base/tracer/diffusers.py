"""Makes the catalogue's entry of a class of diffusers, which has no config class.

Its constructor takes the keys of `config.json` as arguments (diffusers 0.42,
`configuration_utils.py`, `register_to_config`). Numbers, strings and lists are symbols; of `bool`
and null each is a decision of the whole model. Not to decide on all of these together, each child
of the model is learned by itself, as the one turn of a loop of its own.
"""

from __future__ import annotations

import contextlib
import importlib
import random
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from loracfg.base import transformers as builder
from loracfg.base.architecture import Architecture, Module
from loracfg.base.builder import CannotBuildError, refuse_huge
from loracfg.base.catalogue.expression import kind_of
from loracfg.base.catalogue.tree import DeclinedError
from loracfg.base.sandbox import offline, quiet
from loracfg.base.tracer.conflicts import ConflictError
from loracfg.base.tracer.diffusers_draw import BLOCKS, DiffusersDraw, as_json, keys_of
from loracfg.base.tracer.entry import ClassTree, NoEntryError, TypeEntry, collect_pools
from loracfg.base.tracer.harvest import DROP_PATH, Item, Sample, harvest_apart
from loracfg.base.tracer.instruments import RATE, Values, install, instrument_loaded_modules
from loracfg.base.tracer.learn import learn_apart
from loracfg.base.tracer.recorder import recorder
from loracfg.base.tracer.symbols import SymList, symbol
from loracfg.base.tracer.tensors import shapes_mode
from loracfg.base.tracer.trace import Embeddings, Trace

NO_EMBEDDINGS: Final = Embeddings(None, None, ())


def class_of(name: str) -> Any:
    """Return a class of diffusers, its module imported."""
    return getattr(importlib.import_module("diffusers"), name)


def build(config: dict[str, Any], class_name: str) -> Architecture:
    """Return the module tree that diffusers makes of a `config.json`.

    Raises:
        CannotBuildError: if the constructor raises.
    """
    refuse_huge(config)
    with builder.LOCK, quiet(), offline():
        try:
            return builder.architecture_of(_on_meta(class_of(class_name), as_json(config)))
        except CannotBuildError:
            raise
        except Exception as error:  # foreign constructors raise what they like
            message = f"`{class_name}` cannot be built from the config: {builder.brief(error)}"
            raise CannotBuildError(message) from error


def _on_meta(
    cls: Any, values: dict[str, Any], around: contextlib.AbstractContextManager[Any] | None = None
) -> Any:
    import torch

    with torch.device("meta"), around or contextlib.nullcontext():
        return cls.from_config(values)


def values_of(raw: dict[str, Any], defaults: dict[str, Any]) -> Values:
    """Return the values of the keys, given or by default, the same for each block in a list."""
    made = {key: as_json(value) for key, value in (defaults | raw).items()}
    for key in _SPREAD if _BLOCKS in made else ():
        if type(made.get(key)) is int:
            made[key] = [made[key]] * len(made[_BLOCKS])
    return Values(made)


def trace(cls: Any, raw: dict[str, Any]) -> Trace:
    """Build a class from the value of a config under the recorder.

    Raises:
        Exception: whatever the constructor raises.
    """
    install()
    _instrument()
    values = values_of(raw, {name: key.default for name, key in keys_of(cls).items()})
    made = _trace(cls, values)
    if _instrument():  # the constructor loaded modules, which ran without symbols
        made = _trace(cls, values)
    return made


def _instrument() -> bool:
    """Instrument the modules that are loaded by now; tell whether there were new ones."""
    found = instrument_loaded_modules()
    for name, module in list(sys.modules.items()):
        if name.startswith("diffusers.models."):
            vars(module).setdefault("reversed", _reversed)
    return found


def _reversed(values: Any) -> Any:
    """Stand in for `reversed`: a list of a config stays one."""
    return values[::-1] if isinstance(values, SymList) else reversed(values)


def _trace(cls: Any, values: Values) -> Trace:
    with quiet(), recorder.recording():
        arguments = {name: _argument(name, value) for name, value in values.items()}
        model = _on_meta(cls, arguments, shapes_mode())
        return Trace(harvest_apart(model, values), NO_EMBEDDINGS, model)


def _argument(name: str, value: Any) -> Any:
    """Return what a constructor is given for a key, and note the decision on its kind."""
    attribute = ("attr", name)
    kind = kind_of(value)
    if RATE.search(name):
        is_number = kind in ("float", "int")
        recorder.decide(("in", ("kind", attribute), ("list", "float", "int")), is_number)
        if is_number:
            return value
    recorder.decide(("kind", attribute), kind)
    if isinstance(value, bool):
        recorder.decide(("eq", attribute, True) if name in BLOCKS else attribute, value)
        return value
    if isinstance(value, list) and name in _SIDES:
        recorder.decide(("len", attribute), len(value))
        return [symbol(item, ("at", attribute, at)) for at, item in enumerate(value)]
    return symbol(value, attribute)


_BLOCKS: Final = "down_block_types"
_SPREAD: Final = frozenset(("attention_head_dim", "transformer_layers_per_block"))
"""Keys whose number is that of all blocks (diffusers 0.42, `unet_2d_condition.py`)."""

_SIDES: Final = frozenset(("patch_size",))
"""Keys with a list of as many numbers as there are dimensions, which no loop walks."""

FIRST_SAMPLES: Final = 16
CANDIDATES: Final = 400
"""Configs per round that are tried on the tree; only where it declines is the class traced."""
MOST_SAMPLES: Final = 360
MOST_FAILURES: Final = 60
VERIFIED: Final = 12
"""Configs per round that are traced although the tree has an answer."""
ROUNDS: Final = 3


def trace_class(name: str) -> TypeEntry:
    """Make the entry of a class.

    Raises:
        NoEntryError: if it cannot be traced.
    """
    run = _Run(name)
    run.begin()
    for _ in range(ROUNDS):
        run.explore()
        if run.verify():
            break
    run.settle()
    entry = TypeEntry(name, name, {}, run.defaults, [run.made])
    entry.attributes = {key: _attribute(key, run.defaults) for key in run.defaults}
    entry.attributes |= {"vocab_size": ["=", None, []], "tie_word_embeddings": ["=", False, []]}
    entry.kinds = {key: sorted(kinds) for key, kinds in run.kinds.items()}
    entry.guards = [*_lengths(run.defaults)]
    return entry


def _lengths(defaults: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield that lists with an item for each block are as long as there are blocks."""
    for key in sorted(BLOCKS & defaults.keys() - {_BLOCKS}) if _BLOCKS in defaults else ():
        yield ("eq", ("len", ("attr", key)), ("len", ("attr", _BLOCKS))), True


def _attribute(key: str, defaults: dict[str, Any]) -> Any:
    """Return the tree that makes an attribute of its key, as `values_of` does."""
    plain = ["=", ("attr", key), []]
    if key not in _SPREAD or _BLOCKS not in defaults:
        return plain
    spread = ("repeat", ("list", ("attr", key)), ("len", ("attr", _BLOCKS)))
    return ["?", ("kind", ("attr", key)), [["int", ["=", spread, []]], ["list", plain]]]


class _Run:
    """The tracing of one class: samples as they come, and what was learned of them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cls = class_of(name)
        self.pools: dict[str, set[Any]] = {}
        rng = random.Random(name)  # noqa: S311  # draws examples, no secrets
        self.draw = DiffusersDraw(self.cls, rng, self.pools)
        self.defaults = {key: one.default for key, one in self.draw.keys.items()}
        self.kinds: dict[str, set[str]] = {}
        self.samples: list[Sample] = []
        self.errors: Counter[str] = Counter()
        self.made: ClassTree

    def begin(self) -> None:
        """Trace the published configs and some more.

        Raises:
            NoEntryError: if none can be built, or nothing can be learned of them.
        """
        for raw in self.draw.sweep():
            self.add(raw)
        for _ in range(FIRST_SAMPLES):
            self.add(self.draw.config())
        if not self.samples:
            raise NoEntryError(f"not built: {self.errors.most_common(1)}")
        self.learn()

    def add(self, raw: dict[str, Any]) -> Sample | None:
        """Trace a config and keep the sample."""
        try:
            traced = trace(self.cls, raw)
        except Exception as error:  # foreign constructors raise what they like
            self.errors[f"{type(error).__name__}: {str(error)[:150]}"] += 1
            return None
        sample = traced.sample
        given = self.defaults | raw
        sample.architecture = (
            build(raw, self.name)  # what was traced had lists
            if any(type(given.get(key)) is int for key in _SPREAD)
            else builder.architecture_of(traced.model)
        )
        self.samples.append(sample)
        collect_pools(sample, self.pools)
        for key, value in given.items():
            self.kinds.setdefault(key, set()).add(kind_of(value))
        return sample

    def learn(self) -> None:
        """Learn the tree anew.

        Raises:
            NoEntryError: if the samples contradict each other.
        """
        align(self.samples)
        reads = self.reads()
        for sample in self.samples:
            _restore(sample, {("kind", ("attr", path)) for path in reads})
            _tell_first_turns(sample)
        try:
            tree = learn_apart(self.samples)
        except ConflictError as error:
            raise NoEntryError(f"not learned: {str(error)[:2000]}") from error
        embeddings = ["=", NO_EMBEDDINGS, []]
        self.made = ClassTree(self.name, tree, embeddings, list(self.samples), reads)

    def reads(self) -> dict[str, str]:
        """Return the keys that have the one kind of value in all samples, with it."""
        found = {
            key: {kind_of(sample.values[key]) for sample in self.samples}
            for key in self.defaults
            if not RATE.search(key)
        }
        return {key: next(iter(kinds)) for key, kinds in found.items() if len(kinds) == 1}

    def explore(self) -> None:
        """Look for configs on which the tree declines, and trace those."""
        failed = unlearned = 0
        for number in range(CANDIDATES):
            if len(self.samples) >= MOST_SAMPLES or failed >= MOST_FAILURES:
                break
            near = self.open_keys() if number % 2 else frozenset()
            raw = self.draw.config(near=near)
            if not self.declines(raw):
                continue
            if self.add(raw) is None:
                failed += 1
                continue
            unlearned += 1
            if unlearned > len(self.samples) // 5:
                self.learn()
                unlearned = 0
        if unlearned:
            self.learn()

    def declines(self, raw: dict[str, Any]) -> bool:
        """Tell whether the tree has no answer for a config."""
        values = values_of(raw, self.defaults)
        if any(kind_of(values[key]) != kind for key, kind in self.made.reads.items()):
            return True
        try:
            self.made.modules(values)
        except DeclinedError:
            return True
        return False

    def open_keys(self) -> frozenset[str]:
        """Return keys of a condition of which only one outcome was seen."""
        conditions = self.made.open_conditions()
        return frozenset(_mentions(self.draw.rng.choice(conditions))) if conditions else frozenset()

    def verify(self) -> bool:
        """Tell whether the tree foretells further configs; what it does not is learned."""
        before = len(self.samples)
        for _ in range(VERIFIED):
            sample = self.add(self.draw.config())
            if sample and difference(self.made, sample) is None:
                self.samples.pop()
        if len(self.samples) == before:
            return True
        self.learn()
        return False

    def settle(self) -> None:
        """Check the tree against all samples.

        Raises:
            NoEntryError: if it says something else of one.
        """
        for sample in self.samples:
            wrong = difference(self.made, sample)
            if wrong:
                raise NoEntryError(f"differs: {wrong}")


def align(samples: list[Sample]) -> None:
    """Give every sample an item for each child that some sample has, in one order.

    Raises:
        NoEntryError: if children stand in different orders.
    """
    graph: dict[str, list[str]] = {}
    for sample in samples:
        before: list[str] = []
        for item, (turn,) in sample.items:
            if not turn.items:  # from an alignment before
                continue
            known = graph.setdefault(item.name, [])
            known += [name for name in before if name not in known]
            before = [item.name]
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise NoEntryError(f"children stand in different orders: {error}") from error
    for sample in samples:
        held = {item.name: (item, parts) for item, parts in sample.items}
        sample.items = [held.get(name) or _nothing(name, sample) for name in order]


def _nothing(name: str, sample: Sample) -> tuple[Item, list[Sample]]:
    first = sample.items[0][1][0]
    turn = Sample(first.taken, None, [], first.turns, sample.values)
    return Item("loop", name, count=1), [turn]


def _restore(sample: Sample, dropped: set[Any]) -> None:
    """Give a sample its decisions as they were taken, without those that never matter."""
    sample.decisions = {c: v for c, v in sample.taken.items() if c not in dropped}
    for _, parts in sample.items:
        for part in parts:
            _restore(part, dropped)


def _tell_first_turns(sample: Sample) -> None:
    """Let the first turn of a loop be a decision: blocks take their input from the one before."""
    for item, parts in sample.items:
        for part in parts:
            if item.what == "loop" and len(part.turns) > 1:
                first = ("eq", ("i", len(part.turns) - 1), 0)
                part.decisions = {first: part.turns[-1] == 0, **part.decisions}
            _tell_first_turns(part)


def difference(made: ClassTree, sample: Sample) -> str | None:
    """Return what the tree says otherwise than the model, or None."""
    try:
        modules, aliases = made.modules(sample.values)
    except DeclinedError as error:
        return f"declined, {error}"
    ours, theirs = _comparable(modules), _comparable(sample.architecture.modules)
    if list(ours) != list(theirs):
        first = next(iter(ours.keys() ^ theirs.keys()), None)
        return f"other modules: `{first}`"
    wrong = next((path for path in ours if ours[path] != theirs[path]), None)
    if wrong:
        return f"`{wrong}` is {ours[wrong]}, not {theirs[wrong]}"
    return None if aliases == sample.architecture.aliases else "other aliases"


def _comparable(modules: dict[str, Module]) -> dict[str, Module]:
    return {
        path: m._replace(class_name="Identity") if DROP_PATH.fullmatch(m.class_name) else m
        for path, m in modules.items()
    }


def _mentions(expression: Any) -> Iterator[str]:
    if isinstance(expression, (list, tuple)):
        if expression and expression[0] == "attr":
            yield expression[1]
        for part in expression:
            yield from _mentions(part)
