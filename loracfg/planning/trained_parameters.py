"""The parameters that PEFT trains for a plan, and all parameters of the model.

Source: `_mark_only_adapters_as_trainable` in `peft/tuners/tuners_utils.py`, `ModulesToSaveWrapper`
in `peft/utils/other.py`, and `get_nb_trainable_parameters` in `peft/peft_model.py`, 0.21.2. A file
has more or fewer tensors than a model trains: a saved embedding is frozen, and a shared parameter
is saved under each of its names.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Final, Literal, NamedTuple

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Architecture, Parameter
from loracfg.base.towers import is_within
from loracfg.planning.layer_tensors import Role
from loracfg.planning.plan import Plan
from loracfg.planning.replication import taken_layers

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
            if role in _FACTORS and not (stem + end).endswith(_BUFFERS):
                yield TrainedParameter(shape, path, "tokens" if role is Role.TOKENS else "adapter")
    for path in plan.saved:
        if path not in plan.tying.modules:
            for shape in _parameters_below(path, plan.base):
                yield TrainedParameter(shape, path, "saved", path in plan.tokens.paths)
    yield from _biases(plan, base)


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


def _parameters_below(path: str, base: Architecture) -> Iterator[Shape]:
    """Yield the parameters of a module and all inside it, once."""
    first = base.aliases.get(path, path)
    for at, module in base.modules.items():
        if at == first or at.startswith(f"{first}."):
            yield from module.parameters.values()


def _biases(plan: Plan, base: Architecture) -> Iterator[TrainedParameter]:
    if plan.config.bias == "none":
        return
    if plan.config.bias == "all":  # of a module that is saved, only the copy is trained
        saved = [base.aliases.get(path, path) for path in plan.saved]
        paths = [p for p in base.modules if not any(is_within(p, owner) for owner in saved)]
    else:
        paths = list(dict.fromkeys(p for p, depth in plan.wrapped.depth.items() if depth))
    shared = frozenset(shared_parameters(base))
    for path in paths:
        module = base.modules.get(path)
        shape = module.parameters.get("bias") if module else None
        if shape is not None and (path, "bias") not in shared:
            yield TrainedParameter(shape, path, "bias", is_cast=False)
