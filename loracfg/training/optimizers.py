"""What optimizers keep for the parameters that they train.

Sources: `torch/optim` of torch 2.10 (`adamw.py`, `adam.py`, `sgd.py`, `rmsprop.py`, `adagrad.py`),
`transformers/optimization.py` of transformers 5 (`Adafactor`), and `bitsandbytes/optim/optimizer.py`
of bitsandbytes 0.49 (`Optimizer2State`, `get_state_buffer`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, prod
from typing import Final

from loracfg.adapter.header.tensor import Shape

_STEP_BYTES: Final = 4
"""torch counts the steps of each parameter in a float32 tensor."""
_FLOAT32_BYTES: Final = 4
_LEAST_QUANTISED: Final = 4096
"""Smaller parameters keep 32-bit states (`min_8bit_size`)."""
_BLOCK: Final = 256
"""How many 8-bit values share a float32 maximum (`blocksize`)."""

StateBytes = Callable[[Shape, int], int]
"""The bytes of an optimizer's state for a parameter, from its shape and the bytes of an element."""


def _of_torch(copies: int) -> StateBytes:
    """Return the state of an optimizer that keeps copies of a parameter, in its dtype."""
    return lambda shape, width: copies * prod(shape) * width + _STEP_BYTES


def _none(_: Shape, __: int) -> int:
    return 0


def _adafactor(shape: Shape, _: int) -> int:
    """Return a row and a column for each matrix, in float32; a vector is kept whole."""
    if len(shape) < 2:
        return prod(shape) * _FLOAT32_BYTES
    rows, columns = prod(shape[:-1]), prod(shape[:-2]) * shape[-1]
    return (rows + columns) * _FLOAT32_BYTES


def _of_8bit(copies: int) -> StateBytes:
    def state(shape: Shape, _: int) -> int:
        count = prod(shape)
        if count < _LEAST_QUANTISED:
            return copies * count * _FLOAT32_BYTES
        return copies * (count + ceil(count / _BLOCK) * _FLOAT32_BYTES)

    return state


OPTIMIZERS: Final[Mapping[str, StateBytes]] = {
    "adamw": _of_torch(2),
    "adamw_8bit": _of_8bit(2),
    "adafactor": _adafactor,
    "sgd": _none,
    "rmsprop": _of_torch(1),
    "adagrad": _of_torch(1),
    "lion_8bit": _of_8bit(1),
}
"""The optimizers by name, each with the bytes of its state for a parameter."""
DEFAULT: Final = "adamw"
