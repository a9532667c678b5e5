"""The header of the weight file that PEFT saves for a plan, and the size of that file.

Source: `save_pretrained` in `peft/peft_model.py` and `cast_adapter_dtype` in
`peft/tuners/tuners_utils.py`, 0.21.2; `serialize` in safetensors 0.8.0.
"""

from __future__ import annotations

import json
from typing import Any, Final

from loracfg.adapter.header.safetensors_file import DTYPE_BITS, bytes_of
from loracfg.adapter.header.tensor import Header
from loracfg.planning.layer_tensors import Role
from loracfg.planning.plan import Plan

METADATA: Final = {"format": "pt"}
"""The metadata that PEFT writes."""
_OF_BASE: Final = (Role.BASE_BIAS, Role.BASE_LAYER, Role.SAVED_MODULE, Role.EMBEDDING)
"""Roles of tensors that have the dtype of the base."""
_OF_INTEGERS: Final = ("num_batches_tracked", "_index", "_ids")
"""How the names of persistent buffers of integers end in torch and transformers."""
_OF_SAMPLERS: Final = ("gaussian_var_prior", "expert_weights")
"""The buffers of MonteCLoRA's samplers, which PEFT moves to the dtype of the base."""
_UPCAST: Final = ("F16", "BF16")
_ALIGNMENT: Final = 8
_LENGTH_BYTES: Final = 8


def dtype_of_adapter(base_dtype: str) -> str:
    """Return the dtype of PEFT's own parameters on a base, as safetensors names it.

    PEFT casts them to float32 if the base has 16 bits (`autocast_adapter_dtype`, on by default).
    """
    return "F32" if base_dtype in _UPCAST else base_dtype


def saved_header(plan: Plan, base_dtype: str) -> Header:
    """Return the header of the file that PEFT saves, in the order in which safetensors writes it.

    Args:
        plan: a plan without failures.
        base_dtype: the dtype of the base's weights, as safetensors names it.
    """
    own = dtype_of_adapter(base_dtype)
    cast = plan.tokens.paths  # a saved module with trained tokens is inside a layer of PEFT's
    found = [
        (
            stem + end,
            _dtype(
                end,
                base_dtype,
                own,
                is_cast=role not in _OF_BASE or (role is Role.SAVED_MODULE and path in cast),
            ),
            shape,
        )
        for stem, path, tensors in plan.rows
        for end, shape, role in tensors
    ]
    found.sort(key=lambda one: (-DTYPE_BITS[one[1]], one[0]))
    shapes = {name: shape for name, _, shape in found}
    return Header(shapes, {name: dtype for name, dtype, _ in found}, {**METADATA})


def _dtype(end: str, base_dtype: str, own: str, *, is_cast: bool) -> str:
    """Return the dtype of a tensor: buffers of integers keep theirs."""
    name = end.rpartition(".")[2]
    if name.endswith(_OF_INTEGERS):
        return "I64"
    return own if is_cast and name not in _OF_SAMPLERS else base_dtype


def file_bytes(header: Header) -> int:
    """Return the size of a safetensors file with this header and its data."""
    entries: dict[str, Any] = {"__metadata__": header.metadata}
    end = 0
    for name, shape in header.shapes.items():
        dtype = header.dtypes[name]
        begin, end = end, end + bytes_of(dtype, shape)
        entries[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
    length = len(json.dumps(entries, separators=(",", ":"), ensure_ascii=False).encode())
    return _LENGTH_BYTES + length + -length % _ALIGNMENT + end
