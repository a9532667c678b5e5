"""The memory that training an adapter takes, without activations."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import TYPE_CHECKING, Final

from loracfg.adapter.header.safetensors_file import bytes_of
from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Architecture
from loracfg.named_tuple import NamedTuple
from loracfg.planning.saved_header import dtype_of_adapter
from loracfg.planning.trained_parameters import TrainedParameter
from loracfg.training.optimizers import OPTIMIZERS
from loracfg.training.quantised_base import base_bytes

if TYPE_CHECKING:
    from loracfg.document.json_value import JsonObject
    from loracfg.training.quantised_base import Quantization

LEFT_OUT: Final = "activations, which depend on batch size, sequence length and checkpointing"
"""What the memory does not include."""


class TrainingMemory(NamedTuple):
    """The memory of training, in bytes.

    Attributes:
        base: the weights of the base.
        adapter: PEFT's own parameters, and its copies of saved modules.
        gradients: the gradients of what is trained.
        optimizer_states: what the optimizer keeps.
        optimizer: its name.
        quantization: how the base is quantised: `none`, `8bit` or `4bit`.
        dtype: the dtype of the base, and of the parts that are not quantised.
    """

    base: int
    adapter: int
    gradients: int
    optimizer_states: int
    optimizer: str
    quantization: Quantization
    dtype: str

    @property
    def total(self) -> int:
        """All of it."""
        return self.base + self.adapter + self.gradients + self.optimizer_states

    def to_dict(self) -> JsonObject:
        """Return the memory as JSON data."""
        return {**self._asdict(), "total": self.total, "left_out": LEFT_OUT}


def memory_of(
    trained: Iterable[TrainedParameter],
    frozen: Iterable[Shape],
    base: Architecture,
    dtype: str,
    safetensors_dtype: str,
    optimizer: str,
    quantization: Quantization,
) -> TrainingMemory:
    """Return the memory that training takes.

    A gradient has the dtype of its parameter, and so has a state of torch's optimizers.

    Args:
        trained: the trained parameters.
        frozen: the shapes of the adapter's own parameters that are not trained.
        base: the tree with its parameters.
        dtype: the dtype of the base.
        safetensors_dtype: the same dtype as safetensors names it.
        optimizer: a name in `OPTIMIZERS`.
        quantization: how the base is quantised.
    """
    own, rule = dtype_of_adapter(safetensors_dtype), OPTIMIZERS[optimizer]
    adapter = sum(bytes_of(own, shape) for shape in frozen)
    gradients = states = once = 0
    for one in trained:
        kind = own if one.is_cast else safetensors_dtype
        size, count = bytes_of(kind, one.shape), prod(one.shape)
        adapter += 0 if one.what == "bias" else size
        gradients += size
        once = rule.once if count >= rule.least else once
        states += rule.state_bytes(one.shape, size // count if count else 0)
    whole = base_bytes(base, safetensors_dtype, quantization)
    return TrainingMemory(whole, adapter, gradients, states + once, optimizer, quantization, dtype)
