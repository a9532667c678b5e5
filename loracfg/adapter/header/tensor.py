"""Tensors as described by the header of a weight file, without data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from loracfg.adapter.name_table import NameTable, Pair, table_of
from loracfg.adapter.tensor_names import PREFIX
from loracfg.named_tuple import NamedTuple

Shape = tuple[int, ...]

Ends = tuple[tuple[str, Shape], ...]
"""The ends of the tensor names of a layer, in order, with the shapes."""


class Tensor(NamedTuple):
    """The name, dtype (as safetensors spells it, such as `F32`) and shape of a tensor."""

    name: str
    dtype: str
    shape: Shape


@dataclass(frozen=True, repr=False)
class Header:
    """The shapes and dtypes of all tensors of a weight file, in file order, and its metadata."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    dtypes: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tensors: Iterable[Tensor], metadata: dict[str, str] | None = None) -> Header:
        """Return the header of a file with these tensors."""
        found = list(tensors)
        shapes = {tensor.name: tensor.shape for tensor in found}
        return cls(shapes, {tensor.name: tensor.dtype for tensor in found}, metadata or {})

    @cached_property
    def tensors(self) -> dict[str, Tensor]:
        """All tensors by name."""
        dtypes = self.dtypes
        return {name: Tensor(name, dtypes[name], shape) for name, shape in self.shapes.items()}

    @cached_property
    def forms(self) -> frozenset[Shape]:
        """The set of all shapes."""
        return frozenset(self.shapes.values())

    @cached_property
    def dtypes_used(self) -> frozenset[str]:
        """The set of all dtypes."""
        return frozenset(self.dtypes.values())

    @cached_property
    def table(self) -> NameTable:
        """The table of the tensor names."""
        return table_of(self.shapes)

    @cached_property
    def rows(self) -> dict[str, Ends]:
        """The tensors of each adapter layer, by the prefix that their names share."""
        distinct: dict[Ends, Ends] = {}
        found = {}
        for layer in self.table.layers.values():
            stem = f"{PREFIX}{layer.path}."
            ends = tuple(sorted((n.removeprefix(stem), self.shapes[n]) for n in layer.names))
            found[stem] = distinct.setdefault(ends, ends)
        return found

    @cached_property
    def kinds(self) -> tuple[Pair, ...]:
        """One factor pair for each combination of two shapes."""
        return kinds_of(self.table.pairs, self.shapes)


def kinds_of(
    pairs: Iterable[Pair],
    shapes: Mapping[str, Shape],
    rank_of: Callable[[str], int | None] = lambda module: None,
) -> tuple[Pair, ...]:
    """Return one pair of each kind; pairs of a kind have the same shapes and rank in the config."""
    found: dict[tuple[Shape, Shape, int | None], Pair] = {}
    for pair in pairs:
        layer, a, b = pair
        found.setdefault((shapes[a], shapes[b], rank_of(layer.module)), pair)
    return tuple(found.values())
