"""The activation functions of transformers: their classes, and what few of them learn."""

from __future__ import annotations

import functools
from typing import Any

from loracfg.base.sandbox import quiet


@functools.cache
def activations() -> dict[str, Any]:
    """Return class name, parameters and persistent buffers of each, by name."""
    from transformers.activations import ACT2FN

    found = {}
    for name in ACT2FN:
        with quiet():
            module: Any = ACT2FN[name]
        parameters = {n: list(p.shape) for n, p in module._parameters.items() if p is not None}
        buffers = {
            n: list(b.shape)
            for n, b in module._buffers.items()
            if b is not None and n not in module._non_persistent_buffers_set
        }
        if not module._modules:
            found[name] = [type(module).__name__, parameters, buffers]
    return found
