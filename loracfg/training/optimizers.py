"""What optimizers keep for the parameters that they train.

Sources: `torch/optim` of torch 2 (`adamw.py`, `sgd.py`, `rmsprop.py`, `adagrad.py`), `Adafactor` in
`transformers/optimization.py` of transformers 5, and `Optimizer2State` and `Optimizer1State` in
`bitsandbytes/optim/optimizer.py` of bitsandbytes 0.50.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, prod
from typing import Final

from loracfg.adapter.header.tensor import Shape
from loracfg.named_tuple import NamedTuple

_STEP_BYTES: Final = 4
"""torch counts the steps of each parameter in a float32 tensor."""
_FLOAT32_BYTES: Final = 4
_LEAST: Final = 4096
"""Smaller parameters keep 32-bit states (`min_8bit_size`)."""
_BLOCK: Final = 256
"""How many 8-bit values share a float32 maximum."""
_MAP_BYTES: Final = 256 * _FLOAT32_BYTES
"""The table of the 256 values, which all parameters share."""


class Optimizer(NamedTuple):
    """The state of an optimizer.

    Attributes:
        title: the optimizer in words.
        state_bytes: the bytes for a parameter, from its shape and the bytes of an element.
        once: the bytes that all parameters share if one of them has `least` elements.
        least: see `once`.
    """

    title: str
    state_bytes: Callable[[Shape, int], int]
    once: int = 0
    least: int = 0


def _of_torch(copies: int) -> Callable[[Shape, int], int]:
    """Return the state of an optimizer that keeps copies of a parameter, in its dtype."""
    return lambda shape, width: copies * prod(shape) * width + _STEP_BYTES


def _none(_: Shape, __: int) -> int:
    return 0


def _adafactor(shape: Shape, _: int) -> int:
    """Return a row, a column and a mean for each matrix, in float32; a vector is kept whole."""
    if len(shape) < 2:
        return (prod(shape) + 1) * _FLOAT32_BYTES
    rows, columns = prod(shape[:-1]), prod(shape[:-2]) * shape[-1]
    return (rows + columns + 1) * _FLOAT32_BYTES


def _of_8bit(copies: int) -> Callable[[Shape, int], int]:
    def state(shape: Shape, _: int) -> int:
        count = prod(shape)
        if count < _LEAST:
            return copies * count * _FLOAT32_BYTES
        return copies * (count + ceil(count / _BLOCK) * _FLOAT32_BYTES)

    return state


OPTIMIZERS: Final[Mapping[str, Optimizer]] = {
    "adamw": Optimizer("AdamW of torch", _of_torch(2)),
    "adamw_8bit": Optimizer("AdamW of bitsandbytes, 8 bits", _of_8bit(2), 2 * _MAP_BYTES, _LEAST),
    "adafactor": Optimizer("Adafactor of transformers", _adafactor),
    "sgd": Optimizer("SGD of torch without momentum", _none),
    "rmsprop": Optimizer("RMSprop of torch", _of_torch(1)),
    "adagrad": Optimizer("Adagrad of torch", _of_torch(1)),
    "lion_8bit": Optimizer("Lion of bitsandbytes, 8 bits", _of_8bit(1), _MAP_BYTES, _LEAST),
}
"""The optimizers by name."""
DEFAULT: Final = "adamw"
