"""The modules that get adapters, with the tensors of each: made once where adapters share them."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from loracfg.adapter.header.tensor import Shape
from loracfg.adapter.tensor_names import PREFIX
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.config.history.field_table import DEFAULTS
from loracfg.plan.layer_settings import LayerSettings
from loracfg.plan.layer_tensors import (
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
"""Fields on which the tensors of a selected layer do not depend, and by which adapters differ."""
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
    """Modules that get adapters together; `targets` and `settings` may be of others, too."""

    paths: Collection[str]
    targets: Mapping[str, str]
    settings: Mapping[str, LayerSettings]


def one_by_one(adapted: Iterable[AdaptedModules | AdaptedModule]) -> Iterator[AdaptedModule]:
    """Yield modules that get adapters, together or not, each on its own."""
    for one in adapted:
        if isinstance(one, AdaptedModule):
            yield one
        else:
            for path in one.paths:
                yield AdaptedModule(path, one.targets[path], one.settings[path])


class Failure(NamedTuple):
    """PEFT raises when it builds this: `kind` names the cause, `field` the config key to blame."""

    kind: str
    field: str
    message: str
    path: str | None = None


Row = tuple[str, str, Sequence[LayerTensor]]
"""Tensors of one module: what their names begin with, its path, and the ends of their names."""


class LayerRows(NamedTuple):
    """The tensors of modules that get adapters together, by path and as rows of a plan.

    `failures` say which cannot be adapted, and why.
    """

    tensors: Mapping[str, Sequence[LayerTensor]]
    rows: tuple[Row, ...]
    failures: tuple[Failure, ...]


class _Made(NamedTuple):
    """Layers, with all that they were made of."""

    given: tuple[Any, ...]
    modules: list[Module]
    layers: LayerRows


_LATEST: Final[deque[_Made]] = deque(maxlen=8)
"""What was made last: adapters of one family share modules and options.

These cannot be hashed, as the keys of `Kept` must be, but are compared quickly.
"""


def layers_of(
    base: Architecture,
    paths: Iterable[str],
    config: ConfigValues,
    settings: Mapping[str, LayerSettings],
    rank: int | None,
) -> LayerRows:
    """Return the tensors of modules; `rank` is given where they share another's factors."""
    given = rank, base.model_type, _OPTIONS(vars(config))
    modules = [base.modules[path] for path in paths]
    for made in tuple(_LATEST):
        if made.given == given and made.modules == modules:  # most are the same objects
            return made.layers
    layers = _layers_of(base, modules, config, settings, rank)
    if len(modules) <= _MOST_MODULES:
        _LATEST.append(_Made(given, modules, layers))
    return layers


def _layers_of(
    base: Architecture,
    modules: list[Module],
    config: ConfigValues,
    settings: Mapping[str, LayerSettings],
    rank: int | None,
) -> LayerRows:
    found: dict[str, list[LayerTensor]] = {}
    failures: list[Failure] = []
    alike: dict[tuple[Shape, int], list[LayerTensor]] = {}  # linear layers, wherever they stand
    differ = bool(config.use_bdlora) or has_mamba(base)
    for module in modules:
        path, own_rank = module.path, rank or settings[module.path].rank
        is_plain = module.kind is Kind.LINEAR and not (differ or module.computed)
        key = (module.parameters["weight"], own_rank) if is_plain else None
        tensors = alike.get(key) if key else None
        try:
            check_mamba(base, path)
            found[path] = tensors or layer_tensors(module, path, own_rank, config)
        except UnsupportedLayerError as error:
            failures.append(Failure(error.kind, "target_modules", f"{error}", path))
            continue
        if key:
            alike[key] = found[path]
    rows = tuple((f"{PREFIX}{path}.", path, tensors) for path, tensors in found.items())
    return LayerRows(found, (*rows, *_inner_rows(modules, found)), tuple(failures))


def _inner_rows(modules: list[Module], found: Collection[str]) -> Iterator[Row]:
    """Yield the weights of the inner layer of an attention, where both are adapted.

    PEFT wraps it a second time and takes its weights for the adapter's.
    """
    adapted = {module.path: module for module in modules if module.path in found}
    for path, module in adapted.items():
        parent, _, name = path.rpartition(".")
        attention = adapted.get(parent) if name == "out_proj" else None
        if attention and attention.kind is Kind.ATTENTION:
            own = module.parameters.items()
            weights = [LayerTensor(end, shape, Role.BASE_LAYER) for end, shape in own]
            yield f"{PREFIX}{path}.base_layer.", path, weights
