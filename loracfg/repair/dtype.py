"""Cast the tensors of an adapter to a different dtype."""

from __future__ import annotations

from loracfg.adapter.header.safetensors_file import DTYPE_BITS
from loracfg.adapter.tensor_values import FORMATS
from loracfg.analysis.phrases import plural
from loracfg.repair.change import Change
from loracfg.repair.draft import Draft
from loracfg.repair.tensor_data import Cast

_EIGHT_BITS = frozenset({"F8_E5M2", "F8_E4M3"})
_HOLDS = {"F32": _EIGHT_BITS | {"F16", "BF16"}, "F16": _EIGHT_BITS, "BF16": _EIGHT_BITS}
"""The dtypes that each dtype can represent exactly."""


def cast_tensors(draft: Draft, dtype: str) -> Change | None:
    """Cast all floating-point tensors; return None if they all have the dtype already."""
    others = {
        name: one.dtype
        for name, one in (draft.tensors or {}).items()
        if one.dtype in FORMATS and one.dtype != dtype
    }
    if not others:
        return None
    changed = draft.map_tensors(
        lambda name, one: [(name, Cast(one, dtype) if name in others else one)]
    )
    found = sorted(set(others.values()), key=lambda name: -DTYPE_BITS[name])
    exact = all(one in _HOLDS.get(dtype, ()) for one in found)
    why = f"`{dtype}` represents {', '.join(found)} exactly" if exact else "values are rounded"
    title = f"cast {plural(len(others), 'tensor')} from {', '.join(found)} to `{dtype}`"
    return Change(changed, title, exact, why)
