"""The catalogue as a source of architectures: no torch, no transformers, milliseconds.

For any config it gives what transformers builds, or declines.
"""

from __future__ import annotations

import functools
import json
import marshal
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from loracfg.base.architecture import Architecture
from loracfg.base.builder import CannotBuildError, refuse_huge
from loracfg.base.catalogue.entry import Entry, parse_entry
from loracfg.base.catalogue.expression import ABSENT, UnknownValueError, evaluate, kind_of
from loracfg.base.catalogue.raw import Raw
from loracfg.base.catalogue.tree import DeclinedError, Evaluation, Skeleton
from loracfg.kept import Kept

LAYOUTS: Final = ("5", "4")
"""Major releases of transformers, whose classes name modules differently, newest first."""
DIFFUSERS: Final = "diffusers"
"""The layout of the classes of diffusers, each an entry of its own."""

DATA: Final = Path(__file__).with_name("data")

_DECLINED_KEYS: Final = ("per_layer_config", "pruned_heads")
"""Keys that change single layers, which no entry follows."""


SKELETONS: Final = 4
"""How many skeletons of one class are kept."""

_SKELETONS: Final[Kept[deque[Skeleton]]] = Kept(64)
_BUILT: Final[Kept[Architecture]] = Kept(64)


class Attributes(dict[str, Any]):
    """The attributes that a config class makes of a config, each made when it is asked for."""

    def __init__(self, entry: Entry, raw: Raw) -> None:
        super().__init__()
        self.raw = raw
        self.programs = entry.attributes
        self.evaluation = Evaluation(entry.nodes, raw)

    def __missing__(self, path: str) -> Any:
        if path not in self.programs:
            raise UnknownValueError(f"`{path}` is not known")
        program = self.programs[path]
        if program is None:
            raise UnknownValueError(f"`{path}` is made in a way that is not known")
        try:
            value = self.evaluation.value(program)
        except DeclinedError as error:
            raise UnknownValueError(f"`{path}`: {error}") from error
        if value is ABSENT:  # classes keep the keys that they do not know as attributes
            value = self.raw[path]
        self[path] = value
        return value


@functools.lru_cache(maxsize=64)
def read_entry(model_type: str, layout: str) -> Entry | None:
    """Return the entry of a model type, None if there is none."""
    if not model_type or not all(c.isalnum() or c in "-_." for c in model_type):
        return None
    try:
        return parse_entry((DATA / layout / f"{model_type}.json").read_text("utf-8"))
    except OSError:
        return None


@functools.cache
def read_activations(layout: str) -> dict[str, Any]:
    """Return the activation functions of a layout."""
    text = (DATA / layout / "activations.txt").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@functools.cache
def read_renames() -> dict[str, list[list[str]]]:
    """Return how PEFT renames the modules of transformers 4, by class (`renames.json`)."""
    path = DATA / "renames.json"
    found: dict[str, list[list[str]]] = json.loads(path.read_text("utf-8"))
    return found


def diffusers_class(config: dict[str, Any]) -> str | None:
    """Return the class that a config of diffusers is for, None for other configs.

    They have no `model_type` (diffusers 0.42, `configuration_utils.py`, `to_json_string`).
    """
    name = config.get("_class_name")
    return name if isinstance(name, str) and "model_type" not in config else None


def knows(config: dict[str, Any], layout: str = LAYOUTS[0]) -> bool:
    """Tell whether the catalogue has the model type of a config."""
    own = diffusers_class(config)
    if own is not None:
        return read_entry(own, DIFFUSERS) is not None
    model_type = config.get("model_type")
    return isinstance(model_type, str) and read_entry(model_type, layout) is not None


def trusted_classes(
    config: dict[str, Any],
    task_type: str | None = None,
    explicit: str | None = None,
    saved_class: str | None = None,
    layout: str = LAYOUTS[0],
) -> list[str]:
    """Return the classes that adapter, task and config name, in this order, each once.

    Args:
        config: the value of the base's `config.json`.
        task_type: the adapter's, as `CAUSAL_LM`.
        explicit: the class that the user named; then it is the only one.
        saved_class: `auto_mapping.base_model_class` of the adapter, the class it was saved from.
        layout: the major release of transformers.
    """
    if explicit:
        return [explicit]
    if one := diffusers_class(config):
        return [one]
    named = config.get("architectures")
    own = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
    entry = read_entry(str(config.get("model_type")), layout)
    mapped: list[str] = entry.tasks.get(task_type or "", []) if entry else []
    first = [name for name in own if name in mapped] or mapped
    return list(dict.fromkeys(name for name in [saved_class, *first[:1], *own] if name))


def other_classes(config: dict[str, Any], layout: str = LAYOUTS[0]) -> list[str]:
    """Return all classes of the config's model type, then those of the configs inside it."""
    found: list[str] = []
    for model_type, _ in candidates(config, layout):
        entry = read_entry(model_type, layout)
        found += entry.classes if entry else []
    return list(dict.fromkeys(found))


def build(config: dict[str, Any], class_name: str, layout: str = LAYOUTS[0]) -> Architecture:
    """Return the module tree that a model class has for a `config.json`.

    Raises:
        CannotBuildError: if the catalogue declines; the message says why.
    """
    return _BUILT.get(
        (layout, class_name, marshal.dumps(config)), lambda: _build(config, class_name, layout)
    )


def _build(config: dict[str, Any], class_name: str, layout: str) -> Architecture:
    refuse_huge(config)
    if class_name == diffusers_class(config):
        return _build_diffusers(config, class_name)
    for model_type, values in candidates(config, layout):
        entry = read_entry(model_type, layout)
        if entry is not None and class_name in entry.classes:
            return architecture(entry, model_type, class_name, values, layout)
    raise CannotBuildError(f"the catalogue has no class `{class_name}`")


def _build_diffusers(config: dict[str, Any], class_name: str) -> Architecture:
    entry = read_entry(class_name, DIFFUSERS)
    if entry is None:
        raise CannotBuildError(f"the catalogue has no class `{class_name}` of diffusers")
    if "_use_default_values" in config:
        raise CannotBuildError("`_use_default_values` is set, which takes keys back")
    tree = architecture(entry, class_name, class_name, config, DIFFUSERS)
    return replace(tree, model_type=None, is_transformers=False)


def candidates(config: dict[str, Any], layout: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the model types of a config and of the configs inside it, with their values."""
    model_type = config.get("model_type")
    if not isinstance(model_type, str):
        return
    yield model_type, config
    entry = read_entry(model_type, layout)
    parts = entry.parts if entry else {}
    for name, value in config.items():
        if isinstance(value, dict):
            inner = value.get("model_type", parts.get(name))
            if isinstance(inner, str):
                yield inner, value


def architecture(
    entry: Entry, model_type: str, class_name: str, config: dict[str, Any], layout: str
) -> Architecture:
    """Evaluate a class of an entry for a config.

    Raises:
        CannotBuildError: if the catalogue declines; the message says why.
    """
    try:
        return _architecture(entry, model_type, class_name, config, layout)
    except (DeclinedError, UnknownValueError) as error:
        message = f"the catalogue does not know `{class_name}` for this config: {error}"
        raise CannotBuildError(message) from error


def _architecture(
    entry: Entry, model_type: str, class_name: str, config: dict[str, Any], layout: str
) -> Architecture:
    for key in _DECLINED_KEYS:
        if config.get(key):
            raise DeclinedError(f"`{key}` is set")
    raw = Raw(config, entry.defaults)
    attributes = Attributes(entry, raw)
    one = entry.classes[class_name]
    _check_rates(config)
    _check_parts(entry, config)
    _check_types(entry, raw)
    _check_guards(entry, raw)
    _check_kinds(one.reads, attributes)
    activations = read_activations(layout)
    evaluation = Evaluation(entry.nodes, attributes, entry.turning, activations)
    skeleton = _skeleton(evaluation, one.tree, (layout, model_type, class_name))
    _, (inputs, outputs, tied), _ = evaluation.choose(one.whole, ())
    vocab_size = attributes["vocab_size"]
    return Architecture(
        source="catalogue",
        model_type=model_type,
        class_name=class_name,
        modules=evaluation.modules(skeleton),
        aliases=skeleton.aliases,
        input_embeddings=inputs,
        output_embeddings=outputs,
        tied=tuple(tied),
        tie_word_embeddings=attributes["tie_word_embeddings"] is True,
        vocab_size=vocab_size if type(vocab_size) is int else None,
        renames=_renames(class_name) if layout == LAYOUTS[0] else (),
    )


def _renames(class_name: str) -> tuple[tuple[str, str], ...]:
    return tuple((old, new) for old, new in read_renames().get(class_name, ()))


def _skeleton(evaluation: Evaluation, node: int, key: tuple[str, str, str]) -> Skeleton:
    """Return the skeleton of a class, one that was made for a similar config if there is one."""
    known = _SKELETONS.get(key, lambda: deque(maxlen=SKELETONS))
    found = next((skeleton for skeleton in list(known) if evaluation.holds(skeleton)), None)
    if found is None:
        found = evaluation.skeleton(node)
        known.append(found)
    return found


def _check_rates(config: dict[str, Any]) -> None:
    for key, value in config.items():
        if isinstance(value, dict):
            _check_rates(value)
        elif "drop" in key and isinstance(value, (int, float)) and not 0 <= value <= 1:
            raise DeclinedError(f"`{key}` is {value}, which is no rate")
        elif key == "rope_theta" and not (isinstance(value, (int, float)) and value > 0):
            raise DeclinedError(f"`{key}` is {value}, which is no base of rotary positions")


def _check_parts(entry: Entry, config: dict[str, Any]) -> None:
    """Decline a config that may have the keys of a config inside it at its own level."""
    for part in entry.parts:
        if isinstance(config.get(part), dict):
            continue
        for path in entry.defaults:
            name = path.removeprefix(f"{part}.")
            if name != path and name in config and name not in entry.defaults:
                raise DeclinedError(f"`{part}` is absent, and `{name}` may be meant for it")


def _check_types(entry: Entry, raw: Raw) -> None:
    for kinds, paths in entry.kinds:
        for path in paths:
            kind = kind_of(raw[path])
            if kind not in kinds and path in raw.given:
                raise DeclinedError(f"`{path}` is {kind}, and only {', '.join(kinds)} is known")


def _check_guards(entry: Entry, raw: Raw) -> None:
    for condition, expected in entry.guards:
        try:
            value = evaluate(condition, raw)
        except UnknownValueError:
            continue
        if value != expected:
            raise DeclinedError(f"the config class may refuse it: {condition} is {value}")


def _check_kinds(reads: dict[str, str], attributes: Attributes) -> None:
    for path, expected in reads.items():
        kind = kind_of(attributes[path])
        if kind != expected:
            raise DeclinedError(f"`{path}` is {kind}, and only {expected} is known")
