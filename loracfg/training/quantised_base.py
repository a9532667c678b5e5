"""The bytes of a base's weights, as loaded or quantised by bitsandbytes.

Sources: `replace_with_bnb_linear` in `transformers/integrations/bitsandbytes.py`, and
`get_modules_to_not_convert` in `transformers/quantizers/quantizers_utils.py`, 5.x: every `Linear`
and `Conv1D` except the output layer and what is tied to it. `bitsandbytes/functional.py`, 0.50:
`quantize_4bit` packs two values in a byte, with a float32 maximum for each 64 values, which nested
quantisation (`bnb_4bit_use_double_quant`, off by default) would shrink; `int8_vectorwise_quant` has
a float32 scale for each output.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, prod
from typing import Final, Literal

from loracfg.adapter.header.safetensors_file import bytes_of
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.planning.trained_parameters import shared_parameters

Quantization = Literal["none", "8bit", "4bit"]
QUANTIZATIONS: Final[tuple[Quantization, ...]] = ("none", "8bit", "4bit")

_BLOCK_OF_4BIT: Final = 64
_FLOAT32_BYTES: Final = 4
_CODE_BYTES: Final = 16 * _FLOAT32_BYTES
"""The table of the values of 4 bits, which each weight keeps."""


def base_bytes(base: Architecture, dtype: str, quantization: Quantization) -> int:
    """Return the bytes of the parameters and persistent buffers of a base, shared ones once.

    Args:
        base: the tree.
        dtype: the dtype of what is not quantised, as safetensors names it.
        quantization: how linear layers are quantised.
    """
    shared = frozenset(shared_parameters(base))
    kept = frozenset(_not_quantised(base))
    size = 0
    for path, module in base.modules.items():
        is_packed = quantization != "none" and path not in kept and _is_linear(module)
        for name, shape in module.parameters.items():
            if (path, name) in shared:
                continue
            if is_packed and name == "weight":
                size += _packed_bytes(shape, module, quantization)
            else:
                size += bytes_of(dtype, shape)
        size += sum(bytes_of(dtype, shape) for shape in module.buffers.values())
    return size


def _packed_bytes(shape: tuple[int, ...], module: Module, quantization: Quantization) -> int:
    count = prod(shape)
    if quantization == "8bit":
        return count + module.features[1] * _FLOAT32_BYTES
    return ceil(count / 2) + ceil(count / _BLOCK_OF_4BIT) * _FLOAT32_BYTES + _CODE_BYTES


def _is_linear(module: Module) -> bool:
    return module.kind in (Kind.LINEAR, Kind.CONV1D_GPT2)


def _not_quantised(base: Architecture) -> Iterator[str]:
    """Yield the layers that stay as they are: the output layer and those tied to it."""
    if base.output_embeddings is not None:
        yield base.output_embeddings
    yield from base.tied
