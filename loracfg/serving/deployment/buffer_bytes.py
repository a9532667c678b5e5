"""The bytes of an engine's buffers for adapters, by layer and settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.serving.deployment.buffer_layers import BufferLayer, Experts

_INDEX: Final = 8
"""Bytes of an index in the table that restores the order of a divided vocabulary."""
_SWITCH: Final = 4
"""Bytes of the switch that turns the experts' factors of a slot on; there is one more of them."""


class BufferSettings(NamedTuple):
    """What the sizes of buffers depend on.

    Attributes:
        rank: the largest rank that the server takes.
        item: bytes of a number.
        devices: how many devices share each layer.
        sharded: whether factors are divided that each device otherwise has whole.
        shares_experts: whether some factors exist once for all experts.
        joins_experts: whether gate and up of experts have one buffer.
        key_value_heads: of the base, if it is known.
        heads: the attention heads of the base, if they are known.
        padding: what the rows of a divided vocabulary are a multiple of.
    """

    rank: int
    item: int = 2
    devices: int = 1
    sharded: bool = False
    shares_experts: bool = False
    joins_experts: bool = False
    key_value_heads: int | None = None
    heads: int | None = None
    padding: int = 1


class Bytes(NamedTuple):
    """The bytes on one device: for each slot, and once for all."""

    slot: int
    fixed: int = 0

    def of(self, slots: int) -> int:
        """Return the bytes of a number of slots."""
        return self.slot * slots + self.fixed


def bytes_of(layers: Iterable[BufferLayer], settings: BufferSettings) -> Bytes:
    """Return the bytes of the buffers for some layers.

    Raises:
        LoracfgError: the engine cannot divide a layer over so many devices.
    """
    found = [_of_layer(layer, settings) for layer in layers]
    return Bytes(sum(one.slot for one in found), sum(one.fixed for one in found))


def _of_layer(layer: BufferLayer, settings: BufferSettings) -> Bytes:
    if layer.experts:
        numbers = _of_experts(layer.experts, layer, settings)
        return Bytes(sum(numbers) * settings.item + _SWITCH, _SWITCH)
    factors = sum(a + b for a, b in _factors(layer, settings))
    fixed = 0
    if layer.split == "head" and settings.devices > 1:
        rows = layer.pieces[0][1]
        fixed = -(-rows // settings.padding) * settings.padding * _INDEX
    return Bytes(factors * settings.item, fixed)


def _factors(layer: BufferLayer, settings: BufferSettings) -> Iterator[tuple[int, int]]:
    """Yield the numbers in A and B of each matrix of a layer."""
    rank, devices = settings.rank, settings.devices
    part = _divided(rank, devices, "rank", layer) if settings.sharded else rank
    for number, (into, out) in enumerate(layer.pieces):
        match layer.split:
            case "columns":
                yield part * into, _divided(out, devices, "outputs", layer) * rank
            case "heads":
                yield part * into, _outputs_of_heads(out, number, layer, settings) * rank
            case "rows":
                own = _divided(out, devices, "outputs", layer) if settings.sharded else out
                yield rank * _divided(into, devices, "inputs", layer), own * rank
            case _:
                yield rank * into, out * rank


def _outputs_of_heads(out: int, number: int, layer: BufferLayer, settings: BufferSettings) -> int:
    """Return the outputs that one device has of queries, keys or values.

    With fewer key-value heads than devices, each device has one whole head.
    """
    devices, heads, few = settings.devices, settings.heads, settings.key_value_heads
    if devices == 1:
        return out
    if heads is None or few is None:
        message = f"`config.json` of the base does not say how `{layer.paths[0]}` is divided"
        raise LoracfgError(message, "add `num_attention_heads` and `num_key_value_heads` to it")
    shares = min(devices, few)
    if max(devices, few) % shares:
        raise _indivisible(few, devices, "key-value heads", layer)
    _divided(heads, devices, "heads", layer)
    if len(layer.pieces) > 1:
        return out // (shares if number else devices)
    size = out // (heads + 2 * few)  # of queries, keys and values in one module
    return (heads // devices + 2 * few // shares) * size


def _of_experts(
    experts: Experts, layer: BufferLayer, settings: BufferSettings
) -> tuple[int, int, int, int]:
    """Return the numbers in A and B of the first step of experts, and of the second."""
    rank, devices = settings.rank, settings.devices
    number, shared = experts.number, 1 if settings.shares_experts else experts.number
    inner = _divided(experts.inner, devices, "inner features", layer)
    part, hidden = rank, experts.hidden
    if settings.sharded:
        part = _divided(rank, devices, "rank", layer)
        hidden = _divided(experts.hidden, devices, "outputs", layer)
    matrices = 1 if settings.joins_experts else 2
    return (
        matrices * shared * part * experts.hidden,
        2 * number * inner * rank,
        number * rank * inner,
        shared * hidden * rank,
    )


def _divided(number: int, devices: int, what: str, layer: BufferLayer) -> int:
    if number % devices:
        raise _indivisible(number, devices, what, layer)
    return number // devices


def _indivisible(number: int, devices: int, what: str, layer: BufferLayer) -> LoracfgError:
    message = f"cannot divide the {number} {what} of `{layer.paths[0]}` over {devices} devices"
    return LoracfgError(message, "choose a different number of devices")
