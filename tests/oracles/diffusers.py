"""diffusers: what `load_lora_adapter` of a model makes of adapters.

It is told the prefix of the names, and to read safetensors: by itself it looks for pickles alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tests.oracles.child import Found, Inputs, Load, answer

PREFIX: Final = "base_model.model"


def prepare(base: Path, inputs: Inputs) -> Load:
    """Return what loads an adapter into a new copy of the base and computes its output."""
    import diffusers
    import torch

    kind: Any = diffusers.FluxTransformer2DModel

    def load(adapter: Path) -> Found:
        model = kind.from_pretrained(base)
        weights = adapter / "adapter_model.safetensors"
        if weights.exists():
            prefix = PREFIX if _is_prefixed(weights) else None
            model.load_lora_adapter(adapter, prefix=prefix, use_safetensors=True)
        else:
            model.load_lora_adapter(adapter, prefix=PREFIX)
        with torch.no_grad():
            return {"output": model(**inputs).sample[0]}

    return load


def _is_prefixed(weights: Path) -> bool:
    from safetensors import safe_open

    with safe_open(weights, "pt") as file:
        return any(name.startswith(PREFIX) for name in file.keys())  # noqa: SIM118  no mapping


if __name__ == "__main__":
    answer(prepare)
