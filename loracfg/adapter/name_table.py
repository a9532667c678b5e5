"""The tensor names of a file, parsed once for all files with the same names.

Similar adapters differ in shapes and values, but hardly ever in names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Final

from loracfg.adapter.tensor_names import (
    DEFAULT,
    PREFIX,
    Part,
    TensorName,
    parse_name,
    without_base_layer,
    wrappers_in,
)
from loracfg.named_tuple import NamedTuple

_KEPT: Final = 16
"""The number of cached tables; a table of 448 names takes about 400 KB."""

_MAX_KEPT_CHARACTERS: Final = 500_000
"""The maximum characters of all names in a cached table; Llama-3-8B's 448 names have 30,000."""

_EXPERT_NUMBER: Final = r"\.experts\.\d+\."
_PARALLEL: Final = "module."
"""What data parallelism adds before a path."""
_CONFUSING: Final = re.compile("lora_|weight|bias")
_PAIRS: Final = ((Part.A, Part.B), (Part.EMBEDDING_A, Part.EMBEDDING_B))


class LayerTensors(NamedTuple):
    """The adapter tensors of a module path: all names, and one name for each part.

    `module` is the path in the base, without `base_layer` steps.
    """

    path: str
    module: str
    parts: Mapping[Part, str]
    names: tuple[str, ...]


class Pair(NamedTuple):
    """The names of both factors of a layer."""

    layer: LayerTensors
    a: str
    b: str


class NameTable:
    """The parsed tensor names of a file, in file order; `is_small` if there are few characters."""

    def __init__(self, names: Mapping[str, TensorName], is_small: bool = True) -> None:
        """Create a table of these names."""
        self.names = names
        self.is_small = is_small

    @cached_property
    def parts(self) -> frozenset[Part]:
        """The parts that occur in the names."""
        return frozenset(name.part for name in self.names.values())

    @cached_property
    def module_paths(self) -> frozenset[str]:
        """The paths of base modules in the names of adapter tensors."""
        return frozenset(n.module for n in self.names.values() if n.prefix and n.is_adapter)

    @cached_property
    def sorted_paths(self) -> tuple[str, ...]:
        """The module paths in order."""
        return tuple(sorted(self.module_paths))

    @cached_property
    def base_paths(self) -> frozenset[str]:
        """The paths of base modules in the names of all tensors, including saved modules."""
        return frozenset(n.module for n in self.names.values() if n.prefix and n.module)

    @cached_property
    def likely_paths(self) -> frozenset[str]:
        """The paths that modules may have in the base if what trainers add to names is removed."""
        found = (name.module for name in self.names.values() if name.prefix or name.is_adapter)
        return frozenset(_without_additions(path) for path in found if path)

    @cached_property
    def adapted_paths(self) -> tuple[str, ...]:
        """The paths of modules that have an A, in order."""
        first = (Part.A, Part.EMBEDDING_A)
        return tuple(
            sorted({n.module for n in self.names.values() if n.prefix and n.part in first})
        )

    @cached_property
    def layers(self) -> dict[str, LayerTensors]:
        """The adapter layers by path (including `base_layer`)."""
        return layers_of(self.names.values())

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The complete factor pairs."""
        return pairs_of(self.layers.values())

    @cached_property
    def is_even(self) -> bool:
        """Whether every layer with one factor has the other."""
        return all(
            (a in x.parts) is (b in x.parts) for x in self.layers.values() for a, b in _PAIRS
        )

    @cached_property
    def nested(self) -> tuple[TensorName, ...]:
        """The names with `base_layer` steps."""
        return tuple(name for name in self.names.values() if name.module != name.path)

    @cached_property
    def wrapped(self) -> tuple[str, ...]:
        """The names that contain the mark of a PyTorch wrapper."""
        return tuple(name for name in self.names if wrappers_in(name))

    @cached_property
    def misplaced(self) -> tuple[TensorName, ...]:
        """The names of adapter tensors that do not begin with the prefix, or repeat it."""
        return tuple(
            name
            for name in self.names.values()
            if name.is_adapter and (not name.prefix or name.path.startswith(PREFIX))
        )

    @cached_property
    def adapters(self) -> dict[str, TensorName]:
        """The names that contain the name of an adapter.

        If the file also has the name without it, PEFT loads that tensor and drops this one, so it
        is not included.
        """
        found = [taken for taken in self.names.values() if taken.adapter is not None]
        own = {DEFAULT, *(taken.adapter for taken in found if taken.is_adapter)}
        return {t.name: t for t in found if t.adapter in own and t.bare not in self.names}

    @cached_property
    def confusing(self) -> tuple[TensorName, ...]:
        """The names whose module path contains what PEFT treats as a part of a tensor's name."""
        if not any(map(_CONFUSING.search, self.base_paths)):
            return ()
        found = (name for name in self.names.values() if name.prefix)
        return tuple(name for name in found if _CONFUSING.search(name.path))

    @cached_property
    def single_experts(self) -> frozenset[str]:
        """The names with the number of a single expert."""
        experts = (name for name in self.names if ".experts." in name)
        return frozenset(name for name in experts if re.search(_EXPERT_NUMBER, name))


def _without_additions(path: str) -> str:
    while path.startswith(PREFIX):
        path = path.removeprefix(PREFIX)
    return path.removeprefix(_PARALLEL)


def table_of(names: Iterable[str]) -> NameTable:
    """Return the table of tensor names."""
    found = tuple(names)
    is_small = sum(map(len, found)) <= _MAX_KEPT_CHARACTERS
    return _kept_table(found) if is_small else _table(found, is_small=False)


def _table(names: tuple[str, ...], *, is_small: bool = True) -> NameTable:
    return NameTable({name: parse_name(name) for name in names}, is_small)


_kept_table = lru_cache(_KEPT)(_table)


def layers_of(names: Iterable[TensorName]) -> dict[str, LayerTensors]:
    """Return the adapter layers of the names with PEFT's prefix, by path."""
    found: dict[str, list[TensorName]] = {}
    for taken in names:
        if taken.is_adapter and taken.prefix:
            found.setdefault(taken.path, []).append(taken)
    return {
        path: LayerTensors(
            path,
            without_base_layer(path),
            {t.part: t.name for t in names},
            tuple(t.name for t in names),
        )
        for path, names in found.items()
    }


def pairs_of(layers: Iterable[LayerTensors]) -> tuple[Pair, ...]:
    """Return the complete factor pairs, of linear layers and of embeddings."""
    return tuple(
        Pair(layer, layer.parts[a], layer.parts[b])
        for layer in layers
        for a, b in _PAIRS
        if a in layer.parts and b in layer.parts
    )
