"""What of a base a config can name: the modules and parameters that PEFT adapts or saves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from typing import TYPE_CHECKING

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.named_tuple import NamedTuple
from loracfg.planning.targets import leaf_of

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject

_LINEAR = (Kind.LINEAR, Kind.CONV1D_GPT2)


class NamedModules(NamedTuple):
    """The modules of a base with the same last name and kind.

    Attributes:
        name: their last name.
        kind: what PEFT treats them as.
        modules: how many there are.
        parameters: their parameters in the base.
        sizes: their different input and output sizes.
        is_linear: whether `all-linear` selects them, or some of them.
        example: the path of the first.
    """

    name: str
    kind: str
    modules: int
    parameters: int
    sizes: tuple[tuple[int, int], ...]
    is_linear: bool
    example: str

    def to_dict(self) -> JsonObject:
        """Return the modules as JSON data."""
        return self._asdict() | {"sizes": [list(size) for size in self.sizes]}


class NamedParameters(NamedTuple):
    """The parameters with the same module's and own name that `target_parameters` can name.

    `shape` is that of the first; those of stacked experts have three dimensions.
    """

    name: str
    modules: int
    parameters: int
    shape: tuple[int, ...]
    example: str

    def to_dict(self) -> JsonObject:
        """Return the parameters as JSON data."""
        return self._asdict() | {"shape": list(self.shape)}


class BaseTargets(NamedTuple):
    """What a config can name.

    Attributes:
        modules: what `target_modules` can name, in the order of the base.
        parameters: what `target_parameters` can name.
        saved: what `modules_to_save` can name besides, such as norms.
    """

    modules: tuple[NamedModules, ...]
    parameters: tuple[NamedParameters, ...]
    saved: tuple[str, ...]

    def to_dict(self) -> JsonObject:
        """Return the targets as JSON data."""
        return {
            "modules": [one.to_dict() for one in self.modules],
            "parameters": [one.to_dict() for one in self.parameters],
            "saved": list(self.saved),
        }


def targets_in(base: Architecture) -> BaseTargets:
    """Return what a config can name in a base."""
    modules = [module for path, module in base.modules.items() if path]
    others = dict.fromkeys(
        leaf_of(one.path) for one in modules if one.kind is Kind.OTHER and one.parameters
    )
    named = named_modules((one for one in modules if one.kind is not Kind.OTHER), base)
    return BaseTargets(named, tuple(_parameters(base)), tuple(others))


def named_modules(modules: Iterable[Module], base: Architecture) -> tuple[NamedModules, ...]:
    """Return modules of a base by their last names and kinds, in order."""
    found: dict[tuple[str, Kind], list[Module]] = {}
    for one in modules:
        found.setdefault((leaf_of(one.path), one.kind), []).append(one)
    return tuple(_named(name, kind, each, base) for (name, kind), each in found.items())


def _named(name: str, kind: Kind, modules: list[Module], base: Architecture) -> NamedModules:
    sizes = dict.fromkeys(_features(modules))
    count = sum(prod(shape) for one in modules for shape in one.parameters.values())
    linear = kind in _LINEAR and any(one.path != base.output_embeddings for one in modules)
    return NamedModules(name, kind, len(modules), count, tuple(sizes), linear, modules[0].path)


def _features(modules: list[Module]) -> Iterator[tuple[int, int]]:
    for one in modules:
        try:
            yield one.features
        except (KeyError, ValueError):  # a layer without the weight that PEFT needs
            continue


def _parameters(base: Architecture) -> Iterator[NamedParameters]:
    """Yield the parameters of modules that `target_modules` cannot name."""
    found: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for path, module in base.modules.items():
        if not path or module.kind is not Kind.OTHER:
            continue
        for name, shape in module.parameters.items():
            if len(shape) in (2, 3):
                found.setdefault(f"{leaf_of(path)}.{name}", []).append((f"{path}.{name}", shape))
    for name, each in found.items():
        path, shape = each[0]
        yield NamedParameters(name, len(each), sum(prod(one) for _, one in each), shape, path)
