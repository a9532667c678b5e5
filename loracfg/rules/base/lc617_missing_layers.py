"""Layers that the config targets have no tensors in the file.

PEFT leaves their factors at the start, where they contribute nothing; since 0.14 it warns of
missing keys. The file was filtered or saved incompletely, or the config names more targets than
were trained. Where only the last layers of the base lack tensors, the adapter was trained on a base
with fewer layers.

Fires:

    config {"target_modules": ["q_proj", "v_proj", "k_proj", "o_proj"]}

Fires:

    drop layers.1

Fires:

    drop layers.0

Fires:

    base {"layers": 5}

Fires:

    made with {"target_modules": "model.*q_proj"}
    config {"target_modules": ["q_proj"]}
    base {"vision": 1}

Passes:

    made with {"target_modules": ["q_proj", "v_proj", "o_proj"]}

Repair: save the adapter again, name in `target_modules` what was trained, or give the base that it
was trained on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from loracfg.adapter.tensor_names import TensorName, parse_name
from loracfg.analysis.layer_numbers import layers_in, numbered, numbers_in
from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import listed, pattern_of_part, plural
from loracfg.analysis.subject import Subject
from loracfg.base.towers import is_within, parts_of
from loracfg.plan.plan import Plan
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, Noted, Rule

_INSIDE: Final = ".base_layer"
"""The step in a name for each adapter around a layer."""


class MissingLayers(NamedTuple):
    """The last layers of a base, for which a file has no tensors: how many it has for others."""

    tensors: frozenset[str]
    trained: int
    layers: int


def beyond_the_file(subject: Subject) -> Iterator[MissingLayers]:
    """Yield the missing tensors of the last layers, if the base is deeper than the file."""
    whole = _whole(subject)
    for targets in _groups(subject, whole):
        if found := _trained_layers(subject, [layer.path for layer in targets]):
            yield MissingLayers(
                frozenset(name for layer in targets for name in whole[layer]), *found
            )


def check(subject: Subject) -> Iterator[Finding]:
    """Group adapted modules without a single tensor by the layers of the base that they are in."""
    whole = _whole(subject)
    for targets in _groups(subject, whole):
        explained = frozenset(name for layer in targets for name in whole[layer])
        yield _finding(subject, targets, explained)


class _Layer(NamedTuple):
    """One of the adapters around a module, by how many stand around it.

    There are several where more than one parameter of a module is a target.
    """

    path: str
    depth: int


def _groups(subject: Subject, whole: Mapping[_Layer, Sequence[str]]) -> Iterable[dict[_Layer, str]]:
    """Return layers with their targets: those that lack tensors in the same places have one cause.

    Without a base that is certain, there are none.
    """
    plan = subject.plan
    if plan is None or not subject.certain:
        return ()
    absent = {layer: target for layer, target in _targets(plan) if layer in whole}
    places: dict[str, set[tuple[int, ...]]] = {}
    for layer in absent:
        places.setdefault(_kind(layer.path), set()).add(numbers_in(layer.path))
    groups: dict[frozenset[tuple[int, ...]], dict[_Layer, str]] = {}
    for layer, target in absent.items():
        key = frozenset(places[_kind(layer.path)])
        groups.setdefault(key, {})[layer] = target
    return groups.values()


def _targets(plan: Plan) -> Iterator[tuple[_Layer, str]]:
    """Yield the layers of a plan with their targets; of one module, the innermost comes first."""
    around = Counter(module.path for module in plan.modules)
    for module in plan.modules:
        around[module.path] -= 1
        yield _Layer(module.path, around[module.path]), module.target


def _whole(subject: Subject) -> dict[_Layer, list[str]]:
    """Return the missing tensors of the layers for which the file has none."""
    missing = subject.missing
    if subject.plan is None or not missing:
        return {}
    nested = {layer.path for layer, _ in _targets(subject.plan) if layer.depth}
    absent: dict[_Layer, list[str]] = {}
    for name, expected in missing.items():
        absent.setdefault(_layer_of(parse_name(name), expected.path, nested), []).append(name)
    present = {_layer_of(one, one.module, nested) for one in subject.adapter.names.values()}
    return {layer: names for layer, names in absent.items() if layer not in present}


def _layer_of(name: TensorName, path: str, nested: Container[str]) -> _Layer:
    """Return which of the adapters around a module a tensor is of."""
    if path not in nested or not name.is_adapter:
        return _Layer(path, 0)
    outermost = name.path
    while outermost.endswith(_INSIDE):
        outermost = outermost.removesuffix(_INSIDE)
    return _Layer(path, (len(name.path) - len(outermost)) // len(_INSIDE))


def _kind(path: str) -> str:
    """Return a path without the numbers of layers."""
    return ".".join(step for step in path.split(".") if not step.isdigit())


def _finding(subject: Subject, targets: dict[_Layer, str], explained: frozenset[str]) -> Finding:
    paths = list(dict.fromkeys(layer.path for layer in targets))
    names = list(dict.fromkeys(targets.values()))
    found = _trained_layers(subject, paths)
    if found:
        trained, layers = found
        message = (
            f"the file has tensors for the first `{trained}` of the `{layers}` layers of the base: "
            f"none for {listed(paths)}"
        )
        advice = f"give the base with {plural(trained, 'layer')}, or save the adapter again"
    else:
        verb = "target" if len(names) > 1 else "targets"
        message = (
            f"the file has no tensors for {plural(len(paths), 'layer')} that {listed(names)} "
            f"{verb}: {listed(paths)}"
        )
        advice = _advice(subject, paths)
    place = _place(subject, names)
    return Finding(message, place, advice, count=len(paths), explains=explained)


def _advice(subject: Subject, paths: list[str]) -> str:
    assert subject.tree is not None
    parts = parts_of(subject.tree)
    part = parts.other_of(paths[0]) if parts else None
    if part is None or not all(is_within(path, part) for path in paths):
        return "save the adapter again, or target only what was trained"
    if any(is_within(path, part) for path in subject.adapter.module_paths):
        return "save the adapter again"
    pattern = pattern_of_part(part)
    return f"if `{part}` was not trained, leave it out with `exclude_modules` at `{pattern}`"


def _trained_layers(subject: Subject, paths: list[str]) -> tuple[int, int] | None:
    """Return how many layers the file is for, and the base has, if only the last ones lack."""
    base = subject.tree
    assert base is not None
    lacking: dict[str, set[int]] = {}
    for path in paths:
        layer = numbered(path)
        if layer is None:
            return None
        lacking.setdefault(layer.stack, set()).add(layer.number)
    found = set()
    present = [layer for path in subject.adapter.module_paths if (layer := numbered(path))]
    for stack, numbers in lacking.items():
        own = {layer.number for layer in present if layer.stack == stack}
        if not own or own != set(range(len(own))) or own | numbers != layers_in(stack, base):
            return None
        if own & numbers:
            return None
        found.add((len(own), len(own | numbers)))
    return None if len(found) > 1 else found.pop()


def _place(subject: Subject, names: list[str]) -> Location:
    targets = subject.config.target_modules if subject.config else None
    name, *others = names
    if isinstance(targets, list) and name in targets and not others:
        return subject.value(f"/target_modules/{targets.index(name)}")
    return subject.value("/target_modules")


RULE = Rule("LC617", "missing-layers", "error", Noted([DIFFERENCE], check), __name__)
