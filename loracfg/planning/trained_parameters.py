"""The parameters that PEFT trains for a plan, and all parameters of the model.

Source: `_mark_only_adapters_as_trainable` in `peft/tuners/tuners_utils.py`, `ModulesToSaveWrapper`
in `peft/utils/other.py`, and `get_nb_trainable_parameters` in `peft/peft_model.py`, 0.21.2. A file
has more or fewer tensors than a model trains: a saved embedding is frozen, and a shared parameter
is saved under each of its names.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from math import prod
from typing import TYPE_CHECKING, Final, Literal

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Architecture, Kind, Parameter, parents_of
from loracfg.base.towers import is_within, is_within_any
from loracfg.named_tuple import NamedTuple
from loracfg.planning.layer_tensors import Role
from loracfg.planning.plan import Plan
from loracfg.planning.replication import taken_layers

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_FACTORS: Final = (
    *(Role.FACTOR_A, Role.FACTOR_B, Role.FACTOR_BIAS, Role.MAGNITUDE),
    *(Role.VARIANT, Role.TOKENS),
)
"""Roles of tensors that PEFT adds to the model."""
_BUFFERS: Final = ("lora_velora_embed", ".gaussian_var_prior", ".expert_weights")
"""Tensors of variants that are no parameters."""


What = Literal["adapter", "tokens", "saved", "bias"]


class TrainedParameter(NamedTuple):
    """A parameter that is trained.

    Attributes:
        shape: its shape.
        path: the module of the base that it belongs to.
        what: what it is; `saved` is a copy of a parameter of the base, `bias` one of the base's.
        is_cast: whether PEFT casts it like its own parameters; otherwise it has the base's dtype.
    """

    shape: Shape
    path: str
    what: What
    is_cast: bool = True


def trained_parameters(plan: Plan, base: Architecture) -> Iterator[TrainedParameter]:
    """Yield every parameter that is trained, each once.

    Args:
        plan: a plan without failures.
        base: the tree from `trained_base`.
    """
    for stem, path, tensors in plan.rows:
        for end, shape, role in tensors:
            is_own = role in _FACTORS and not (stem + end).endswith(_BUFFERS)
            if is_own and not is_frozen(role, plan.config):
                yield TrainedParameter(shape, path, "tokens" if role is Role.TOKENS else "adapter")
    saved, shared = frozenset(plan.saved), frozenset(shared_parameters(plan.base))
    for path in plan.saved:
        if path not in plan.tying.modules:
            for shape in _parameters_below(path, plan.base, saved, shared):
                yield TrainedParameter(shape, path, "saved", path in plan.tokens.paths)
    yield from _biases(plan, base)


def frozen_parameters(plan: Plan) -> Iterator[Shape]:
    """Yield the shapes of the parameters that PEFT adds to the model and does not train."""
    for _, _, tensors in plan.rows:
        yield from (shape for _, shape, role in tensors if is_frozen(role, plan.config))


def is_frozen(role: Role, config: ConfigValues) -> bool:
    """Tell whether a tensor is PEFT's own, but not trained: MiCA only trains the first factors.

    Source: `MiCALinearVariant` in `peft/tuners/lora/variants.py`, 0.21.2.
    """
    init = config.init_lora_weights
    return role is Role.FACTOR_B and isinstance(init, str) and init.lower() == "mica"


def trained_base(plan: Plan, base: Architecture) -> Architecture:
    """Return the tree with the parameters of the model that is trained, each once."""
    ranges = plan.config.layer_replication
    return taken_layers(base, ranges) if ranges else base


def base_parameters(base: Architecture) -> int:
    """Return the number of parameters of a base, shared ones once."""
    shared = frozenset(shared_parameters(base))
    return sum(
        prod(shape)
        for path, module in base.modules.items()
        for name, shape in module.parameters.items()
        if (path, name) not in shared
    )


def shared_parameters(base: Architecture) -> Iterator[Parameter]:
    """Yield the parameters that are tied to another one."""
    if base.shared is not None:
        yield from base.shared
    else:
        yield from ((path, "weight") for path in base.tied)


def _parameters_below(
    path: str, base: Architecture, saved: Container[str], shared: Container[Parameter]
) -> Iterator[Shape]:
    """Yield the parameters of a module and all inside it, once.

    A copy of a module keeps what is shared inside it; a parameter that is shared with one outside
    becomes its own. Modules inside that are saved themselves are left out.
    """
    first = base.aliases.get(path, path)
    for at in (first, *base.inside.get(first, ())):
        module = base.modules.get(at)
        inner = (one for one in (*parents_of(at), at) if one != path and is_within(one, path))
        if module is None or any(one in saved for one in inner):
            continue
        for name, shape in module.parameters.items():
            source = _source_of(at, name, base) if (at, name) in shared else None
            if source is None or not is_within(source, first):
                yield shape


def _source_of(path: str, name: str, base: Architecture) -> str | None:
    """Return the module whose parameter a shared one is: a weight is the input embedding's.

    The bias of an output layer is that of a module around it, as in heads of BERT.
    """
    if name == "weight":
        return base.input_embeddings
    shape, around = base.modules[path].parameters[name], path
    while around:
        around = around.rpartition(".")[0]
        module = base.modules.get(around)
        if module and module.parameters.get(name) == shape:
            return around
    return None


def _biases(plan: Plan, base: Architecture) -> Iterator[TrainedParameter]:
    if plan.config.bias == "none":
        return
    is_all = plan.config.bias == "all"
    if is_all:  # of a module that is saved, only the copy is trained
        saved = frozenset(base.aliases.get(path, path) for path in plan.saved)
        paths = {path: None for path in base.modules if not is_within_any(path, saved)}
    else:
        adapted = (path for path, depth in plan.wrapped.depth.items() if depth)
        paths = dict.fromkeys(_owner_of_bias(path, base) for path in adapted)
    shared = frozenset(shared_parameters(base))
    for path in paths:
        module = base.modules.get(path)
        shape = module.parameters.get("bias") if module else None
        if shape is None:
            continue
        if (path, "bias") in shared and (is_all or _source_of(path, "bias", base) in paths):
            continue  # it is counted where it comes from
        yield TrainedParameter(shape, path, "bias", is_cast=False)


def _owner_of_bias(path: str, base: Architecture) -> str:
    """Return the module whose bias is trained with an adapted one: of attention, its `out_proj`."""
    module = base.modules.get(path)
    return f"{path}.out_proj" if module and module.kind is Kind.ATTENTION else path
