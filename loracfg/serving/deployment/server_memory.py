"""The memory of the buffers that a server allocates on a base, by its settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final, Literal

from loracfg.named_tuple import NamedTuple
from loracfg.planning.targets import leaf_of
from loracfg.serving.deployment.buffer_bytes import BufferSettings, Bytes, bytes_of
from loracfg.serving.deployment.buffer_layers import (
    BufferLayer,
    UnknownLayersError,
    buffer_layers,
)

if TYPE_CHECKING:
    from loracfg.base.architecture import Architecture
    from loracfg.engine.case import Case
    from loracfg.runtimes.profile import Runtime
    from loracfg.runtimes.server_facts import ServerFacts
    from loracfg.runtimes.server_limits import Value

Dtype = Literal["auto", "float16", "bfloat16", "float32"]
_ITEMS: Final[Mapping[Dtype, int]] = {"auto": 2, "float16": 2, "bfloat16": 2, "float32": 4}
"""Bytes of a number; `auto` makes float32 half as wide (vLLM 0.33, `vllm/config/model.py`)."""


class Hardware(NamedTuple):
    """What the server runs on: how many devices share each layer, and the dtype of the base."""

    devices: int = 1
    dtype: Dtype = "auto"


class BufferMemory(NamedTuple):
    """The memory of buffers, in bytes on each device.

    `slot` is for each adapter in a batch, of which there are `slots`, and `fixed` once for all.
    """

    slot: int
    fixed: int
    slots: int
    devices: int

    @property
    def device(self) -> int:
        """The bytes on one device."""
        return Bytes(self.slot, self.fixed).of(self.slots)

    @property
    def total(self) -> int:
        """The bytes on all devices."""
        return self.device * self.devices


class ServedBase(NamedTuple):
    """A base as an engine serves it: its layers, the values of its config, and its model type."""

    layers: tuple[BufferLayer, ...]
    config: Mapping[str, object]
    model_type: str | None

    @property
    def names(self) -> dict[str, str]:
        """The layer that each module of the base is in."""
        return {path: one.name for one in self.layers if one.has_buffers for path in one.paths}

    @property
    def experts(self) -> frozenset[str]:
        """The layers that have experts."""
        return frozenset(one.name for one in self.layers if one.experts)


def served_base(case: Case, runtime: Runtime) -> ServedBase:
    """Return the base of an adapter as an engine serves it.

    Raises:
        UnknownLayersError: nobody compared the buffers of this version, class or module.
    """
    served = case.served
    architecture = runtime.class_of(served.architectures)
    if architecture is None:
        raise UnknownLayersError("the config of the base names no class")
    tree = served.trees.get(architecture) or case.base.architecture
    if tree is None:
        raise UnknownLayersError("the modules of the base are not known")
    return base_for(tree, architecture, case.base.config, runtime)


def base_for(
    tree: Architecture, architecture: str, config: Mapping[str, object], runtime: Runtime
) -> ServedBase:
    """Return a base as an engine serves it, from its module tree and the class that is built.

    Raises:
        UnknownLayersError: nobody compared the buffers of this version, class or module.
    """
    layers = buffer_layers(tree, architecture, runtime)
    return ServedBase(layers, config, tree.model_type)


def memory_of(
    base: ServedBase,
    runtime: Runtime,
    server: ServerFacts,
    settings: Mapping[str, Value],
    hardware: Hardware,
) -> BufferMemory:
    """Return the memory of the buffers on a base.

    Args:
        base: the base.
        runtime: the engine, with the settings that `settings` lacks.
        server: the facts about its server.
        settings: the settings, with a rank and a number of slots.
        hardware: what the server runs on.

    Raises:
        LoracfgError: the engine cannot divide a layer over so many devices.
        UnknownLayersError: nobody compared the buffers of a target.
    """
    limits = {**runtime.limits, **settings}
    slots, targets = limits[server.active], limits.get(server.targets)
    assert isinstance(slots, int)
    names = targets if isinstance(targets, tuple) else ()
    chosen = [one for one in base.layers if (_is_target(one, names) if names else one.has_buffers)]
    for one in chosen:
        if not one.has_buffers:
            message = f"nobody has compared the buffers for `{one.paths[0]}`"
            raise UnknownLayersError(f"{message}, which `{server.targets}` names")
    found = bytes_of(chosen, _settings(base, runtime, server, limits, hardware))
    return BufferMemory(found.slot, found.fixed, slots, hardware.devices)


def _settings(
    base: ServedBase,
    runtime: Runtime,
    server: ServerFacts,
    limits: Mapping[str, Value],
    hardware: Hardware,
) -> BufferSettings:
    facts, rank = runtime.buffers, limits[server.rank]
    assert facts is not None
    assert isinstance(rank, int)
    shares = bool(limits.get(server.shared_experts))
    joins = (base.model_type or "") in runtime.words(facts.stacked)
    heads = _number(base.config, "num_attention_heads")
    return BufferSettings(
        rank,
        _ITEMS[hardware.dtype],
        hardware.devices,
        bool(limits.get(server.sharded)),
        shares,
        joins and not shares and not limits.get(server.mixed_experts),
        _number(base.config, "num_key_value_heads") or heads,
        heads,
        facts.padding,
    )


def _is_target(layer: BufferLayer, names: Collection[str]) -> bool:
    """Return whether some words select a layer, by its own name or that of a part of it."""
    return not {layer.name, *map(leaf_of, layer.paths)}.isdisjoint(names)


def _number(config: Mapping[str, object], key: str) -> int | None:
    value = config.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
