"""Asks mlx-lm: `linear_to_lora_layers` adapts a model; the result is each layer's settings."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from asked import Job, NoLoraError, answer
from mlx_lm import lora
from mlx_lm.tuner import dora
from mlx_lm.tuner import lora as layers

_KINDS = (layers.LoRALinear, layers.LoRASwitchLinear, layers.LoRAEmbedding, dora.DoRALinear,
          dora.DoRAEmbedding)  # fmt: skip
_SETTINGS = {"rms_norm_eps": 1e-6, "tie_word_embeddings": False, "rope_theta": 10000.0}
"""What mlx-lm has no defaults for, and transformers leaves out of short configs."""


def build(job: Job, path: Path) -> Any:
    import yaml

    options = yaml.load(path.read_text(), lora.yaml_loader)  # noqa: S506  # a safe loader
    arguments = dict(lora.CONFIG_DEFAULTS)
    arguments |= {key: value for key, value in options.items() if value is not None}
    if arguments["fine_tune_type"] == "full":
        raise NoLoraError
    module = import_module(f"mlx_lm.models.{job['base']['model_type']}")
    model = module.Model(module.ModelArgs.from_dict(_SETTINGS | job["base"]))
    known = SimpleNamespace(**arguments)
    if known.num_layers > len(model.layers):
        raise ValueError("too many layers")
    if known.fine_tune_type not in ("lora", "dora"):
        raise ValueError("unknown fine-tune type")
    lora.linear_to_lora_layers(
        model, known.num_layers, known.lora_parameters, use_dora=known.fine_tune_type == "dora"
    )
    return {
        path: [_rank(one), one.scale, _dropout(one), isinstance(one, dora.DoRALinear)]
        for path, one in model.named_modules()
        if isinstance(one, _KINDS)
    }


def _rank(layer: Any) -> int:
    return layer.lora_a.shape[-1]


def _dropout(layer: Any) -> float:
    """Return the probability; `Dropout` of mlx keeps that of the opposite."""
    return round(1 - layer.dropout._p_1, 9)


answer(build, lambda found: found)
