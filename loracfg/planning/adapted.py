"""The modules that get adapters, with their tensors, which similar adapters share."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.tensor_names import PREFIX
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.config.history.field_table import DEFAULTS
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_settings import LayerSettings
from loracfg.planning.layer_tensors import (
    LayerTensor,
    Role,
    UnsupportedLayerError,
    check_mamba,
    has_mamba,
    layer_tensors,
)

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_OF_NO_TENSOR: Final = frozenset(
    {
        "alpha_pattern",
        "auto_mapping",
        "base_model_name_or_path",
        "inference_mode",
        "lora_alpha",
        "lora_dropout",
        "peft_version",
        "revision",
    }
)
"""Fields that do not affect the tensors of a selected layer, but differ between adapters."""
_OPTIONS: Final = itemgetter(*(name for name in DEFAULTS if name not in _OF_NO_TENSOR))
_MOST_MODULES: Final = 5_000


class AdaptedModule(NamedTuple):
    """A module (or one `parameter` of it) that gets an adapter.

    `target` is the config entry that selected it.
    """

    path: str
    target: str
    settings: LayerSettings
    parameter: str | None = None


class AdaptedModules(NamedTuple):
    """Modules that get adapters together; `targets` and `settings` may have more modules."""

    paths: Collection[str]
    targets: Mapping[str, str]
    settings: Mapping[str, LayerSettings]


def one_by_one(adapted: Iterable[AdaptedModules | AdaptedModule]) -> Iterator[AdaptedModule]:
    """Yield each module that gets an adapter."""
    for one in adapted:
        if isinstance(one, AdaptedModule):
            yield one
        else:
            for path in one.paths:
                yield AdaptedModule(path, one.targets[path], one.settings[path])


class Failure(NamedTuple):
    """Something on which PEFT raises: `kind` is the cause, `field` the config key to change."""

    kind: str
    field: str
    message: str
    path: str | None = None


Row = tuple[str, str, Sequence[LayerTensor]]
"""The tensors of a module: the beginning of their names, its path, and the ends of the names."""


class LayerRows(NamedTuple):
    """The tensors of modules that get adapters together, by path and as rows of a plan.

    `failures` are the modules that cannot be adapted.
    """

    tensors: Mapping[str, Sequence[LayerTensor]]
    rows: tuple[Row, ...]
    failures: tuple[Failure, ...]


class _CachedRows(NamedTuple):
    """Rows with everything that they depend on."""

    options: tuple[Any, ...]
    modules: list[Module]
    rows: LayerRows


_LATEST: Final[deque[_CachedRows]] = deque(maxlen=64)
"""The latest results, since similar adapters share modules and options.

Modules cannot be hashed, as the keys of a `Cache` must be, but comparing them is fast.
"""


def layers_of(
    base: Architecture,
    paths: Iterable[str],
    config: ConfigValues,
    settings: Mapping[str, LayerSettings],
    rank: int | None,
) -> LayerRows:
    """Return the tensors of modules. If they share the factors of another one, pass its `rank`."""
    # Of patterns that match the same module, the first counts; equal mappings can differ in order.
    options = rank, base.model_type, tuple(config.rank_pattern), _OPTIONS(vars(config))
    modules = [base.modules[path] for path in paths]
    for cached in tuple(_LATEST):
        if cached.options == options and cached.modules == modules:  # most are the same objects
            return cached.rows
    rows = _layers_of(base, modules, config, settings, rank)
    if len(modules) <= _MOST_MODULES:
        _LATEST.append(_CachedRows(options, modules, rows))
    return rows


def _layers_of(
    base: Architecture,
    modules: list[Module],
    config: ConfigValues,
    settings: Mapping[str, LayerSettings],
    rank: int | None,
) -> LayerRows:
    found: dict[str, list[LayerTensor]] = {}
    failures: list[Failure] = []
    linear: dict[tuple[Shape, int], list[LayerTensor]] = {}  # shared by equal layers
    by_path = bool(config.use_bdlora) or has_mamba(base)
    for module in modules:
        path, own_rank = module.path, rank or settings[module.path].rank
        is_plain = module.kind is Kind.LINEAR and not (by_path or module.computed)
        key = (module.parameters["weight"], own_rank) if is_plain else None
        tensors = linear.get(key) if key else None
        try:
            check_mamba(base, path)
            found[path] = tensors or layer_tensors(module, path, own_rank, config)
        except UnsupportedLayerError as error:
            failures.append(Failure(error.kind, "target_modules", f"{error}", path))
            continue
        if key:
            linear[key] = found[path]
    rows = tuple((f"{PREFIX}{path}.", path, tensors) for path, tensors in found.items())
    return LayerRows(found, (*rows, *_inner_rows(modules, found)), tuple(failures))


def _inner_rows(modules: list[Module], found: Collection[str]) -> Iterator[Row]:
    """Yield the weights of the output layer of an attention if both are adapted.

    PEFT wraps that layer a second time and saves its weights with the adapter.
    """
    adapted = {module.path: module for module in modules if module.path in found}
    for path, module in adapted.items():
        parent, _, name = path.rpartition(".")
        attention = adapted.get(parent) if name == "out_proj" else None
        if attention and attention.kind is Kind.ATTENTION:
            own = module.parameters.items()
            weights = [LayerTensor(end, shape, Role.BASE_LAYER) for end, shape in own]
            yield f"{PREFIX}{path}.base_layer.", path, weights
