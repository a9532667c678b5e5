"""The layers that model types have in common, and their parameters by size.

A node `{"layer": "Linear", "sizes": [out, in], "bias": condition}` has the parameters that `LAYERS`
lists for `Linear`, each with some of the sizes. `bias` is true if there always is one, an operand
if a condition decides, and absent if there never is one.
"""

from __future__ import annotations

import math
from typing import Final

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Kind
from loracfg.base.catalogue.evaluation.refusals import RefusedError
from loracfg.named_tuple import NamedTuple


class Layer(NamedTuple):
    """The parameters and buffers of a layer.

    Attributes:
        kind: the kind of layer that PEFT sees.
        weight: which sizes are the shape of the weight.
        bias: which sizes are the shape of the bias.
        running: whether it has the buffers of a batch norm.
    """

    kind: Kind
    weight: slice = slice(None)
    bias: slice = slice(None)
    running: bool = False


_FIRST: Final = slice(1)
_SECOND: Final = slice(1, 2)

LAYERS: Final[dict[str, Layer]] = {
    "Linear": Layer(Kind.LINEAR, bias=_FIRST),
    "Conv1D": Layer(Kind.CONV1D_GPT2, bias=_SECOND),
    "Embedding": Layer(Kind.EMBEDDING),
    "Conv1d": Layer(Kind.CONV1D, bias=_FIRST),
    "Conv2d": Layer(Kind.CONV2D, bias=_FIRST),
    "Conv3d": Layer(Kind.CONV3D, bias=_FIRST),
    "Norm": Layer(Kind.OTHER),
    "BatchNorm": Layer(Kind.OTHER, running=True),
}
"""The named layers. A `Norm` is any module with a weight and possibly a bias of the same shape."""

_LARGEST: Final = (2**63 - 1) // 4
"""The number of 32-bit values that a torch tensor may have on any device."""


def parameters_of(layer: Layer, sizes: Shape, has_bias: bool) -> dict[str, Shape]:
    """Return the parameters of a layer by name."""
    weight = sizes[layer.weight]
    return {"weight": weight, "bias": sizes[layer.bias]} if has_bias else {"weight": weight}


def buffers_of(layer: Layer, sizes: Shape) -> dict[str, Shape]:
    """Return the buffers of a layer by name."""
    if not layer.running:
        return {}
    return {"running_mean": sizes, "running_var": sizes, "num_batches_tracked": ()}


def checked_shape(values: list[object]) -> Shape:
    """Return a shape that is given one size at a time or as one list.

    Raises:
        RefusedError: if torch rejects these sizes.
    """
    if len(values) == 1 and isinstance(values[0], (list, tuple)):
        values = list(values[0])
    if values and isinstance(values[0], bool):  # torch only checks the first one
        raise RefusedError(f"{values[0]} is not a size")
    sizes: list[int] = []
    for size in values:
        if not isinstance(size, int) or size < 0:
            raise RefusedError(f"{str(size)[:40]} is not a size")
        sizes.append(int(size))
    if math.prod(filter(None, sizes)) > _LARGEST:
        raise RefusedError("a tensor is too large")
    return tuple(sizes)
