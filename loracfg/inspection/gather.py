"""The modules of an adapter with their contents, and groups of equal ones."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.name_table import LayerTensors
from loracfg.adapter.tensor_names import Part
from loracfg.engine.case import Case
from loracfg.inspection.contents import EngineAnswer, Group, InspectedModule
from loracfg.inspection.covered_modules import CoveredModule, covered_modules
from loracfg.inspection.sizes import share_of
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_settings import LayerSettings

if TYPE_CHECKING:
    from loracfg.runtimes.verdict import Verdict

_NUMBER: Final = re.compile(r"(?a)(?<![^.])\d+(?![^.])")


class _Factors(NamedTuple):
    """The sizes in the shapes of both factors; None where one is missing or not a matrix."""

    inputs: int | None = None
    outputs: int | None = None
    rank: int | None = None


def engine_answers(verdicts: Iterable[Verdict]) -> tuple[EngineAnswer, ...]:
    """Return how engines handle an adapter, from their verdicts on it."""
    return tuple(EngineAnswer(one.runtime.shown, one.answer, one.assumed) for one in verdicts)


def modules_in(case: Case) -> list[InspectedModule]:
    """Return the modules that can be adapted, each with its tensors, in the order of the base.

    A module with several adapters around it appears once for each.
    """
    layers: dict[str, list[LayerTensors]] = {}
    for layer in case.adapter.table.layers.values():
        layers.setdefault(layer.module, []).append(layer)
    found: list[InspectedModule] = []
    for one in covered_modules(case):
        found += _of_module(one, layers.pop(one.path, []), case)
    for path, left in layers.items():  # without a first factor, or not in the base
        found += _of_module(CoveredModule(path, "unknown"), left, case)
    return found


def _of_module(
    one: CoveredModule, layers: Sequence[LayerTensors], case: Case
) -> Iterator[InspectedModule]:
    if not layers:
        yield InspectedModule(one.path, one.state, rank=one.rank, scaling=one.scaling)
    for layer in layers:
        settings = case.planning.settings.get(layer.module)
        is_of_tokens = set(layer.parts) == {Part.TOKENS}
        yield _of_layer(one, layer, case.adapter, None if is_of_tokens else settings)


def _of_layer(
    one: CoveredModule, layer: LayerTensors, adapter: Adapter, settings: LayerSettings | None
) -> InspectedModule:
    tensors = [adapter.tensors[name] for name in layer.names]
    share = share_of(layer.path, tensors)
    factors = _factors(layer, adapter.shapes)
    rank, experts = _experts(factors.rank, adapter, settings)
    return InspectedModule(
        layer.path,
        one.state,
        factors.inputs,
        factors.outputs,
        rank,
        settings.alpha if settings else None,
        settings.scaling if settings else None,
        experts,
        tuple(sorted({tensor.dtype for tensor in tensors})),
        share.tensors,
        share.parameters,
        share.bytes,
        _largest(adapter, layer.names),
    )


def _factors(layer: LayerTensors, shapes: Mapping[str, Shape]) -> _Factors:
    """Read sizes off `A (r, in, …)` and `B (out, r, …)`, which also holds for embeddings."""
    for first, second in ((Part.A, Part.B), (Part.EMBEDDING_A, Part.EMBEDDING_B)):
        if first in layer.parts or second in layer.parts:
            a, b = (shapes.get(layer.parts.get(part, ""), ()) for part in (first, second))
            rank = a[0] if len(a) > 1 else None
            return _Factors(a[1] if len(a) > 1 else None, b[0] if len(b) > 1 else None, rank)
    return _Factors()


def _experts(
    rank: int | None, adapter: Adapter, settings: LayerSettings | None
) -> tuple[int | None, int | None]:
    """Split the rank of stacked factors into the rank and the number of experts."""
    config = adapter.config
    if not (rank and settings and config and config.target_parameters):
        return rank, None
    if rank == settings.rank or settings.rank < 1 or rank % settings.rank:
        return rank, None
    return settings.rank, rank // settings.rank


def _largest(adapter: Adapter, names: Iterable[str]) -> float | None:
    values = adapter.values
    if values is None:
        return None
    return max((values.magnitude(name) for name in names if name in values.tensors), default=None)


def groups_of(modules: Iterable[InspectedModule]) -> tuple[Group, ...]:
    """Group adapted modules that differ only in the numbers in their paths."""
    found: dict[tuple[str, InspectedModule], list[InspectedModule]] = {}
    for module in modules:
        if module.tensors:
            alike = module._replace(path="", largest=None)
            found.setdefault((pattern_of(module.path), alike), []).append(module)
    return tuple(_group(pattern, alike) for (pattern, _), alike in found.items())


def _group(pattern: str, modules: Sequence[InspectedModule]) -> Group:
    return Group(
        pattern,
        len(modules),
        tuple(_ranges({int(number) for module in modules if (number := layer_of(module.path))})),
        modules[0],
        sum(module.parameters for module in modules),
        sum(module.bytes for module in modules),
        _worst(module.largest for module in modules),
    )


def merged(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Merge groups that differ only in their sizes, which the result then leaves out."""
    found: dict[tuple[str, InspectedModule], list[Group]] = {}
    for group in groups:
        one = group.of_each
        alike = one._replace(path="", inputs=None, outputs=None, tensors=0, parameters=0, bytes=0)
        found.setdefault((group.pattern, alike), []).append(group)
    return tuple(
        alike[0] if len(alike) == 1 else _joined(pattern, one, alike)
        for (pattern, one), alike in found.items()
    )


def _joined(pattern: str, of_each: InspectedModule, groups: Sequence[Group]) -> Group:
    numbers = {n for group in groups for a, b in group.layers for n in range(a, b + 1)}
    return Group(
        pattern,
        sum(group.modules for group in groups),
        tuple(_ranges(numbers)),
        of_each,
        sum(group.parameters for group in groups),
        sum(group.bytes for group in groups),
        _worst(group.largest for group in groups),
    )


def _worst(values: Iterable[float | None]) -> float | None:
    """Return the largest value; NaN if there is one."""
    known = [value for value in values if value is not None]
    return next((v for v in known if math.isnan(v)), max(known, default=None))


def pattern_of(path: str) -> str:
    """Return a path with `*` for each step that is a number."""
    return _NUMBER.sub("*", path)


def layer_of(path: str) -> str | None:
    """Return the first number among the steps of a path, as text."""
    match = _NUMBER.search(path)
    return match[0] if match and len(match[0]) < 10 else None  # longer numbers are not layers


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of each consecutive range."""
    start = end = None
    for number in sorted(numbers):
        if start is None or end is None or number != end + 1:
            if start is not None and end is not None:
                yield start, end
            start = number
        end = number
    if start is not None and end is not None:
        yield start, end
