"""Removes the keys of a base's config that do not affect its modules."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Final

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


def cleaned(config: Mapping[str, object]) -> dict[str, object]:
    """Return a copy of a config without keys for kernels, precision or custom code."""
    return {key: _copied(value) for key, value in config.items() if key not in _DROPPED_KEYS}


def _copied(value: object) -> object:
    if isinstance(value, dict):
        return cleaned(value)
    if isinstance(value, list):
        return [_copied(one) for one in value]
    return copy.copy(value)
