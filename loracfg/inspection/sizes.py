"""The numbers of tensors, elements and bytes of an adapter, by role and by dtype."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.header.safetensors_file import bytes_of
from loracfg.adapter.header.tensor import Tensor
from loracfg.adapter.tensor_names import Part, TensorName
from loracfg.config.model.default_targets import EMBEDDING_NAMES
from loracfg.inspection.contents import Share
from loracfg.planning.layer_tensors import Role
from loracfg.planning.plan import Plan

if TYPE_CHECKING:
    from loracfg.config.model.config_values import ConfigValues

_OF_PARTS: Final[Mapping[Part, str]] = {
    Part.A: "lora_A",
    Part.B: "lora_B",
    Part.BIAS: "biases",
    Part.EMBEDDING_A: "lora_A",
    Part.EMBEDDING_B: "lora_B",
    Part.MAGNITUDE: "magnitudes",
    Part.TOKENS: "trained tokens",
}
_OF_ROLES: Final[Mapping[Role, str]] = {
    Role.BASE_BIAS: "biases",
    Role.SAVED_MODULE: "saved modules",
    Role.EMBEDDING: "embeddings",
    Role.TOKENS: "trained tokens",
}
_ORDER: Final = (
    *("lora_A", "lora_B", "magnitudes", "saved modules"),
    *("embeddings", "trained tokens", "biases", "other"),
)


def parameters_of(tensor: Tensor) -> int:
    """Return the number of elements of a tensor."""
    return math.prod(tensor.shape)


def share_of(name: str, tensors: Iterable[Tensor]) -> Share:
    """Sum the sizes of tensors."""
    found = list(tensors)
    return Share(
        name,
        len(found),
        sum(map(parameters_of, found)),
        sum(bytes_of(one.dtype, one.shape) for one in found),
    )


def shares_by_role(adapter: Adapter, plan: Plan | None) -> tuple[Share, ...]:
    """Sum the tensors by role; without a plan, their names give it."""
    found: dict[str, list[Tensor]] = {}
    for name, tensor in adapter.tensors.items():
        found.setdefault(role_of(adapter.names[name], plan, adapter.config), []).append(tensor)
    return tuple(share_of(role, found[role]) for role in _ORDER if role in found)


def shares_by_dtype(adapter: Adapter) -> tuple[Share, ...]:
    """Sum the tensors by dtype, largest share first."""
    found: dict[str, list[Tensor]] = {}
    for tensor in adapter.tensors.values():
        found.setdefault(tensor.dtype, []).append(tensor)
    shares = [share_of(dtype, tensors) for dtype, tensors in found.items()]
    return tuple(sorted(shares, key=lambda share: -share.bytes))


def role_of(name: TensorName, plan: Plan | None, config: ConfigValues | None) -> str:
    """Return the role of a tensor in a word; without a plan, its name gives it."""
    if name.part is not Part.BASE:
        return _OF_PARTS.get(name.part, "other")
    expected = plan.tensors.get(name.name) if plan else None
    if expected:
        return _OF_ROLES.get(expected.role, "other")
    return _role_by_name(name, config)


def _role_by_name(name: TensorName, config: ConfigValues | None) -> str:
    steps = set(name.path.split("."))
    if config and steps.intersection(config.modules_to_save or ()):
        return "saved modules"
    if name.module.rpartition(".")[2] in EMBEDDING_NAMES:
        return "embeddings"
    return "biases" if name.rest == "bias" and config and config.bias != "none" else "other"
