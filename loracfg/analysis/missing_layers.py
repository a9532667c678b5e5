"""Find layers of a plan for which the file has no tensors at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Final

from loracfg.adapter.tensor_names import TensorName, parse_name
from loracfg.analysis.layer_numbers import layer_number, layers_in, numbers_in
from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.planning.plan import Plan

_INSIDE: Final = ".base_layer"
"""The step in a name for each adapter that wraps a layer."""


class Depth(NamedTuple):
    """The number of layers with tensors in the file, and the number of layers in the base."""

    trained: int
    layers: int


class MissingLayers(NamedTuple):
    """Adapted modules without tensors, in the same layers of the base, with their targets.

    `depth` is set if they are the last layers of the base.
    """

    paths: tuple[str, ...]
    targets: tuple[str, ...]
    tensors: frozenset[str]
    depth: Depth | None


def missing_layers(subject: Subject) -> Iterator[MissingLayers]:
    """Yield the modules that are missing from the file, grouped by the layers they are in."""
    whole = _whole(subject)
    for group in _groups(subject, whole):
        paths = tuple(dict.fromkeys(layer.path for layer in group))
        targets = tuple(dict.fromkeys(group.values()))
        tensors = frozenset(name for layer in group for name in whole[layer])
        yield MissingLayers(paths, targets, tensors, _depth(subject, paths))


class _Layer(NamedTuple):
    """An adapter of a module, with the number of adapters that wrap it.

    A module has several adapters if more than one of its parameters is a target.
    """

    path: str
    depth: int


def _groups(subject: Subject, whole: Mapping[_Layer, Sequence[str]]) -> Iterable[dict[_Layer, str]]:
    """Return the missing layers with their targets, grouped by their missing layer numbers.

    Such a group has one cause. Without a certain base, there are none.
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
    """Yield the layers of a plan with their targets, the innermost of a module first."""
    around = Counter(module.path for module in plan.modules)
    for module in plan.modules:
        around[module.path] -= 1
        yield _Layer(module.path, around[module.path]), module.target


def _whole(subject: Subject) -> dict[_Layer, list[str]]:
    """Return the layers without any tensor in the file, with their missing tensors."""
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
    """Return the adapter of a module that a tensor belongs to."""
    if path not in nested or not name.is_adapter:
        return _Layer(path, 0)
    outermost = name.path
    while outermost.endswith(_INSIDE):
        outermost = outermost.removesuffix(_INSIDE)
    return _Layer(path, (len(name.path) - len(outermost)) // len(_INSIDE))


def _kind(path: str) -> str:
    """Return a path without layer numbers."""
    return ".".join(step for step in path.split(".") if not step.isdigit())


def _depth(subject: Subject, paths: Iterable[str]) -> Depth | None:
    """Return the depths of the file and the base if only the last layers are missing."""
    base = subject.tree
    assert base is not None
    missing: dict[str, set[int]] = {}
    for path in paths:
        layer = layer_number(path)
        if layer is None:
            return None
        missing.setdefault(layer.stack, set()).add(layer.number)
    found = set()
    present = [layer for path in subject.adapter.module_paths if (layer := layer_number(path))]
    for stack, numbers in missing.items():
        own = {layer.number for layer in present if layer.stack == stack}
        if not own or own != set(range(len(own))) or own | numbers != layers_in(stack, base):
            return None
        if own & numbers:
            return None
        found.add(Depth(len(own), len(own | numbers)))
    return None if len(found) > 1 else found.pop()
