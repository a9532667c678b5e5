"""An adapter as engines see it: its files and settings, and the base that it is served on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.name_table import Pair
from loracfg.adapter.tensor_names import Part
from loracfg.base.architecture import Architecture, Kind
from loracfg.base.renaming import renamed
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_settings import LayerSettings
from loracfg.planning.targets import Selection, leaf_of

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues
    from loracfg.document.json_value import JsonObject

_NUMBER: Final = re.compile(r"(?<=\.)\d+(?=\.|$)")
_LANGUAGE_MODEL: Final = "language_model."


class LayerPlace(NamedTuple):
    """The path of a module with `#` for the number of its layer, and that number."""

    pattern: str
    layer: int | None


def place_of(path: str) -> LayerPlace:
    """Split a module path at the number of its layer, which is the first number in it."""
    match = _NUMBER.search(path)
    if match is None:
        return LayerPlace(path, None)
    return LayerPlace(f"{path[: match.start()]}#{path[match.end() :]}", int(match[0][:18]))


@dataclass(frozen=True, eq=False)
class ServedAdapter:
    """An adapter with its base and the settings of its modules.

    Attributes:
        adapter: the adapter.
        settings: the settings of the modules in its tensor names.
        selection: how the config selects those modules, or None if that needs the base.
        base: the module tree of the base, if it is known.
        certain: whether a module that is missing from `base` is missing from the real base.
        trees: the trees of those `architectures` that differ from `base`.
        architectures: the classes in the base's config; an engine builds one of them.
    """

    adapter: Adapter
    settings: Mapping[str, LayerSettings]
    selection: Selection | None
    base: Architecture | None
    certain: bool
    trees: Mapping[str, Architecture]
    architectures: tuple[str, ...]

    @property
    def architecture(self) -> str | None:
        """The class that an engine builds, if it is known."""
        return next(iter(self.architectures), None)

    def built_as(self, name: str) -> ServedAdapter:
        """Return the adapter on the tree of one of the classes."""
        tree = self.trees.get(name, self.base)
        return replace(self, base=tree, trees={}, architectures=(name,))

    @property
    def config(self) -> ConfigValues | None:
        """The config with the values that PEFT uses."""
        return self.adapter.config

    @property
    def given(self) -> JsonObject:
        """The JSON object in the config file."""
        document = self.adapter.document
        value = document.value if document else None
        return value if isinstance(value, dict) else {}

    @cached_property
    def adapted(self) -> tuple[str, ...]:
        """The paths of modules with a factor A, without the prefix of tensor names."""
        first = (Part.A, Part.EMBEDDING_A)
        return tuple(sorted({n.module for n in self.adapter.names.values() if n.part in first}))

    @cached_property
    def layers_of(self) -> dict[str, set[int]]:
        """The layers in which each kind of module has factors, by last name."""
        found: dict[str, set[int]] = {}
        for path in self.adapted:
            layer = place_of(path).layer
            if layer is not None:
                found.setdefault(leaf_of(path), set()).add(layer)
        return found

    @cached_property
    def places(self) -> frozenset[str]:
        """The patterns of the paths in the base."""
        return frozenset(place_of(path).pattern for path in self._paths)

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The last names of the base's modules with parameters."""
        base = self.base
        return frozenset(map(leaf_of, base.with_parameters)) if base else frozenset()

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(self.base.paths()) if self.base else frozenset()

    @cached_property
    def lost(self) -> tuple[str, ...]:
        """The adapted modules that the base does not have."""
        base = self.base
        if base is None or not self.certain:
            return ()
        return tuple(
            path
            for path in self.adapted
            if base.find(path) is None and base.find(renamed(path, base.renames)) is None
        )

    @cached_property
    def beyond(self) -> tuple[str, ...]:
        """The lost modules that the base has in other layers."""
        return tuple(path for path in self.lost if place_of(path).pattern in self.places)

    @cached_property
    def moved(self) -> tuple[str, ...]:
        """The lost modules with a last name that the base has elsewhere."""
        return tuple(p for p in self.lost if p not in self.beyond and leaf_of(p) in self.leaves)

    @cached_property
    def unnamed(self) -> tuple[str, ...]:
        """The lost modules with a last name that the base does not have."""
        return tuple(path for path in self.lost if leaf_of(path) not in self.leaves)

    @cached_property
    def outer(self) -> frozenset[str]:
        """The paths in the base, without the step `language_model`."""
        return frozenset(path.replace(_LANGUAGE_MODEL, "") for path in self._paths)

    def is_inner(self, path: str) -> bool:
        """Return whether the base has a path without the step `language_model`."""
        return path.replace(_LANGUAGE_MODEL, "") in self._paths

    def is_below_model(self, path: str) -> bool:
        """Return whether the base has a path under `model`."""
        return f"model.{path}" in self._paths

    def pairs(self) -> Iterator[tuple[Pair, Shape, Shape]]:
        """Yield the pairs of factors, with the shapes of A and B."""
        shapes = self.adapter.shapes
        for pair in self.adapter.table.pairs:
            a, b = shapes[pair.a], shapes[pair.b]
            if len(a) > 1 and len(b) > 1:
                yield pair, a, b

    def differences(self) -> Iterator[tuple[str, int]]:
        """Yield the modules that the factors do not fit, with the difference in size."""
        base, config = self.base, self.config
        if base is None or config is None or config.use_bdlora or config.use_qalora:
            return  # these make factors narrower
        for pair, a, b in self.pairs():
            module = base.find(pair.layer.module)
            if module is None or module.kind is Kind.OTHER or len(a) != 2:
                continue
            into, out = module.features
            for own, wanted in ((a[1], into), (b[0], out)):
                if own != wanted:
                    yield pair.layer.module, own - wanted
