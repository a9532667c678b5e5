"""Computes the full shapes of quantised weights, as far as a header shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from loracfg.adapter.header.tensor import Shape, Tensor
from loracfg.named_tuple import NamedTuple

_FLOATS: Final = ("F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ")
_BITS_AND_BYTES: Final = ("absmax", "quant_map", "nested_absmax", "nested_quant_map")
_SCALES: Final = (
    "_scale",
    "_scale_inv",
    "_scale_2",
    "_global_scale",
    "_zero_point",
    "_g_idx",
    "_shape",
    "_scales",
    "_format",
)
_OF_PACKED: Final = frozenset(("qweight", "qzeros", "scales", "g_idx"))
_PACKING: Final = ("mxfp4", "fp8")
"""Methods with which transformers keeps stacks of experts packed or with separate scales."""
_OF_INT8: Final = frozenset(("SCB", "weight_format"))


class PlainParameters(NamedTuple):
    """Parameters by module and local name, with their unquantised shapes.

    `unknown` are the modules with a shape that the header does not show. They have no parameters
    here.
    """

    parameters: dict[str, dict[str, Shape]]
    unknown: tuple[str, ...]


def plain_parameters(
    tensors: Mapping[str, Tensor], config: Mapping[str, object] | None
) -> PlainParameters:
    """Group tensors by module and undo quantisation: drop scales and unpack the shapes of weights.

    Supports bitsandbytes (8 bit, and 4 bit if a bias shows the number of rows), GPTQ, AWQ, FP8,
    compressed-tensors, ModelOpt's NVFP4 and gpt-oss's MXFP4.
    """
    grouped: defaultdict[str, dict[str, Tensor]] = defaultdict(dict)
    for name, tensor in tensors.items():
        path, local = _split(name)
        grouped[path][local] = tensor
    parameters: dict[str, dict[str, Shape]] = {}
    unknown = []
    for path, found in grouped.items():
        shapes = _shapes(found, config or {})
        if shapes is None:
            unknown.append(path)
        elif shapes:
            parameters[path] = shapes
    return PlainParameters(parameters, tuple(sorted(unknown)))


def _split(name: str) -> tuple[str, str]:
    """Split a name into module and local name. Bitsandbytes puts a state under the weight."""
    path, _, local = name.rpartition(".")
    head, dot, tail = name.rpartition(".weight.")
    if dot and (tail in _BITS_AND_BYTES or tail.startswith("quant_state.")):
        return head, f"weight.{tail}"
    return path, local


def _shapes(found: dict[str, Tensor], config: Mapping[str, Any]) -> dict[str, Shape] | None:
    """Return the shapes of a module's parameters, or None if one of them is unknown."""
    if "qweight" in found:
        return _with_weight(found, _packed_by_rows(found), _OF_PACKED)
    if "weight_packed" in found:
        return _with_weight(found, _compressed(found, config), frozenset(("weight_packed",)))
    if any(local.startswith("weight.") for local in found):
        states = frozenset(local for local in found if local.startswith("weight."))
        return _with_weight(found, _four_bit(found), states)
    shapes: dict[str, Shape] = {}
    for local, tensor in found.items():
        if _is_scale(local, found):
            continue
        shape = _unpacked(local, tensor, found)
        if shape is None:
            return None
        shapes[local.removesuffix("_blocks") if _is_mxfp4(local, found) else local] = shape
    return shapes


def _with_weight(
    found: dict[str, Tensor], weight: Shape | None, consumed: frozenset[str]
) -> dict[str, Shape] | None:
    """Return the shapes of a module with that of its weight, which replaces `consumed`."""
    if weight is None:
        return None
    rest = {
        local: tensor.shape
        for local, tensor in found.items()
        if local not in consumed and local != "weight" and not local.startswith("weight_")
    }
    return {"weight": weight, **rest}


def _is_scale(local: str, found: dict[str, Tensor]) -> bool:
    """Return whether a tensor only helps to dequantise another one of the module."""
    if local in _OF_INT8:
        return "weight" in found
    if local in ("input_scale", "output_scale"):
        return True
    for suffix in _SCALES:
        stem = local.removesuffix(suffix)
        if stem != local and (stem in found or f"{stem}_blocks" in found):
            return found[stem].dtype not in _FLOATS[:4] if stem in found else True
    return False


def _unpacked(local: str, tensor: Tensor, found: dict[str, Tensor]) -> Shape | None:
    """Return the full shape of a tensor that is stored under its own name, if it is known."""
    shape = tensor.shape
    if _is_mxfp4(local, found):
        experts, out, blocks, half = shape
        return experts, blocks * half * 2, out  # gpt-oss keeps its stacks as (experts, in, out)
    if local != "weight" or tensor.dtype in _FLOATS:
        return shape
    if tensor.dtype == "I8" and ("SCB" in found or "weight_scale" in found):
        return shape
    if tensor.dtype == "U8" and "weight_scale_2" in found and len(shape) == 2:
        return shape[0], 2 * shape[1]
    return None


def _is_mxfp4(local: str, found: dict[str, Tensor]) -> bool:
    stem = local.removesuffix("_blocks")
    return stem != local and f"{stem}_scales" in found and len(found[local].shape) == 4


def _four_bit(found: dict[str, Tensor]) -> Shape | None:
    """Return the shape of a flat 4-bit bitsandbytes weight, if a bias shows the number of rows."""
    weight, bias = found.get("weight"), found.get("bias")
    if weight is None or bias is None or weight.dtype != "U8" or 1 not in weight.shape:
        return None
    values = 2 * max(weight.shape)
    rows = bias.shape[0] if len(bias.shape) == 1 else 0
    return (rows, values // rows) if rows and values % rows == 0 else None


def _packed_by_rows(found: dict[str, Tensor]) -> Shape | None:
    """Return the `(out, in)` of a weight packed by GPTQ (along `in`) or AWQ (along `out`).

    GPTQ: `qweight` (in / pack, out), `qzeros` (groups, out / pack), `scales` (groups, out),
    `g_idx` (in,). AWQ: `qweight` (in, out / pack), the same `qzeros` and `scales`, no `g_idx`.
    """
    shapes = [
        found[name].shape if name in found else () for name in ("qweight", "qzeros", "scales")
    ]
    if any(len(shape) != 2 for shape in shapes):
        return None
    (rows, columns), (_, zeros), (_, out) = shapes
    if columns == out and "g_idx" in found:
        return out, found["g_idx"].shape[0]
    if columns == out and zeros and out % zeros == 0:
        return out, rows * (out // zeros)
    if columns == zeros and columns and out % columns == 0 and "g_idx" not in found:
        return out, rows
    return None


def _compressed(found: dict[str, Tensor], config: Mapping[str, Any]) -> Shape | None:
    """Return the `(out, in)` of a compressed-tensors weight `(out, in / pack)`, if it is known.

    A byte has two 4-bit floats. The config says how many integers an `I32` has.
    """
    packed = found["weight_packed"]
    if len(packed.shape) != 2:
        return None
    out, columns = packed.shape
    if packed.dtype == "U8":
        return out, 2 * columns
    bits = _bits(config)
    if packed.dtype != "I32" or bits is None or 32 % bits:
        return None
    return out, columns * (32 // bits)


def packing(config: Mapping[str, object]) -> str | None:
    """Return the quantisation method with which a loaded model keeps stacks of experts packed."""
    quantisation = _quantisation(config)
    method = quantisation.get("quant_method")
    is_packed = method in _PACKING and not quantisation.get("dequantize")
    left_out = f"{quantisation.get('modules_to_not_convert')}"
    return f"{method}" if is_packed and "experts" not in left_out else None


def _quantisation(config: Mapping[str, Any]) -> Mapping[str, Any]:
    found = config.get("quantization_config") or config.get("compression_config")
    return found if isinstance(found, dict) else {}


def _bits(config: Mapping[str, Any]) -> int | None:
    """Return the number of bits of quantised weights, if the config gives one for all of them."""
    groups = _quantisation(config).get("config_groups")
    if not isinstance(groups, dict):
        return None
    weights = [group.get("weights") for group in groups.values() if isinstance(group, dict)]
    found = {weight.get("num_bits") for weight in weights if isinstance(weight, dict)}
    width = found.pop() if len(found) == 1 else None
    return width if type(width) is int and width > 0 else None
