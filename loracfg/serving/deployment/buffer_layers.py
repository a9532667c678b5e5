"""The layers that an engine makes of a base, as far as adapters have buffers for them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.named_tuple import NamedTuple
from loracfg.planning.targets import leaf_of
from loracfg.runtimes.server_facts import BufferFacts, LayerFacts, Split

if TYPE_CHECKING:
    from loracfg.runtimes.profile import Runtime

_GATE_UP: Final = "gate_up_proj"
_DOWN: Final = "down_proj"
"""The parameters of stacked experts; the first joins two matrices of the same size."""


class Experts(NamedTuple):
    """The experts of a layer: their number, and the sizes of their two steps."""

    number: int
    hidden: int
    inner: int


class BufferLayer(NamedTuple):
    """A layer of the engine.

    Attributes:
        name: its last name in the engine, which selects it as a target.
        paths: the modules of the base that it is made of.
        split: how several devices share it.
        pieces: the numbers of inputs and outputs of each of its matrices.
        experts: the sizes of its experts, if it has some.
        has_buffers: whether it has them if no targets are named; otherwise nobody knows its sizes.
    """

    name: str
    paths: tuple[str, ...]
    split: Split
    pieces: tuple[tuple[int, int], ...] = ()
    experts: Experts | None = None
    has_buffers: bool = True


class UnknownLayersError(Exception):
    """Why the buffers of a base are not known, as a clause."""


def buffer_layers(
    base: Architecture, architecture: str, runtime: Runtime
) -> tuple[BufferLayer, ...]:
    """Return the layers that an engine makes of a base, with and without buffers.

    Args:
        base: the module tree.
        architecture: the class that the engine builds.
        runtime: the engine.

    Raises:
        UnknownLayersError: nobody compared the buffers of this version, class or module.
    """
    facts = runtime.buffers
    if facts is None:
        raise UnknownLayersError(f"nobody has compared the buffers of {runtime.shown}")
    if architecture not in facts.architectures:
        message = f"nobody has compared the buffers that {runtime.shown} has for"
        raise UnknownLayersError(f"{message} `{architecture}`")
    return tuple(
        layer._replace(has_buffers=_has_buffers(layer, architecture, facts, runtime))
        for layer in _Layers(base, architecture, facts)
    )


def _has_buffers(
    layer: BufferLayer, architecture: str, facts: BufferFacts, runtime: Runtime
) -> bool:
    """Return whether the engine has buffers for a layer of this class."""
    if layer.split not in ("embedding", "head"):
        return layer.split != "absent"
    sets = facts.embeddings if layer.split == "embedding" else facts.heads
    return any(architecture in runtime.words(name) for name in sets)


class _Layers:
    """Iterates over the layers of a base, whether they have buffers or not."""

    def __init__(self, base: Architecture, architecture: str, facts: BufferFacts) -> None:
        self.base, self.facts = base, facts
        own = [one for one in facts.layers if architecture in one.architectures]
        self.rules = [*own, *(one for one in facts.layers if not one.architectures)]

    def __iter__(self) -> Iterator[BufferLayer]:
        by_parent: dict[str, dict[str, Module]] = {}
        for path, module in self.base.modules.items():
            if any(len(shape) > 1 for shape in module.parameters.values()):
                by_parent.setdefault(path.rpartition(".")[0], {})[leaf_of(path)] = module
        for parent, modules in by_parent.items():
            yield from self._below(parent, modules)

    def _below(self, parent: str, modules: Mapping[str, Module]) -> Iterator[BufferLayer]:
        left = dict(modules)
        for rule in self.rules:
            if rule.below and leaf_of(parent) != rule.below:
                continue
            if rule.name and all(part in left for part in rule.parts):
                yield self._layer(rule.name, [left.pop(part) for part in rule.parts], rule)
            elif not rule.name:
                for part in rule.parts:
                    if part in left:
                        yield self._layer(part, [left.pop(part)], rule)
        if left:
            path = next(iter(left.values())).path
            raise UnknownLayersError(f"nobody has compared the buffers for `{path}`")

    def _layer(self, name: str, modules: Sequence[Module], rule: LayerFacts) -> BufferLayer:
        paths = tuple(module.path for module in modules)
        if rule.split == "experts":
            return BufferLayer(name, paths, rule.split, experts=self._experts(modules[0]))
        pieces = [_sizes(module, rule.pieces) for module in modules]
        return BufferLayer(name, paths, rule.split, tuple(p for some in pieces for p in some))

    def _experts(self, module: Module) -> Experts:
        shapes = module.parameters
        if not {_GATE_UP, _DOWN} <= shapes.keys():
            raise UnknownLayersError(f"nobody has compared the buffers for `{module.path}`")
        number, *gate_up = shapes[_GATE_UP]
        hidden = gate_up[0] if module.is_transposed else gate_up[1]
        return Experts(number, hidden, math.prod(gate_up) // hidden // 2)


def _sizes(module: Module, pieces: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers of inputs and outputs of each piece of a module."""
    if module.kind is Kind.OTHER:  # a router, whose weight is that of a linear layer
        out, into = next(shape for shape in module.parameters.values() if len(shape) == 2)
    elif module.kind is Kind.CONV1D:  # a layer whose inputs are the places of the kernel
        out, into = module.weight[0], module.weight[2]
    else:
        into, out = module.features
    for _ in range(pieces):
        yield into, out // pieces
