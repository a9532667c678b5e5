"""The part of a base's config that says which modules there are."""

from __future__ import annotations

import copy
from typing import Any, Final

_DROPPED_KEYS: Final = frozenset(
    (
        "quantization_config",
        "compression_config",
        "torch_dtype",
        "dtype",
        "auto_map",
        "attn_implementation",
        "_attn_implementation",
        "experts_implementation",
        "_experts_implementation",
    )
)


def cleaned(value: Any) -> Any:
    """Return a copy of a config without keys that choose kernels, precision or foreign code."""
    if isinstance(value, dict):
        return {k: cleaned(v) for k, v in value.items() if k not in _DROPPED_KEYS}
    if isinstance(value, list):
        return [cleaned(v) for v in value]
    return copy.copy(value)
