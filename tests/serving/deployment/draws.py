"""Draws bases, adapters that PEFT makes for them, and settings of a server."""

from __future__ import annotations

import json
import random
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from loracfg.runtimes.profile_files import profile_of
from loracfg.serving.deployment.server_memory import Dtype, Hardware
from tests.runtimes.matrix.architectures import ARCHITECTURES, PUBLISHED, layers_of, model_of

_SAME_HEADS: Final = ("phi", "olmo", "olmoe", "deepseek_v2", "deepseek_v3", "opt", "gpt_bigcode")
"""Model types whose keys and values have as many heads as their queries in published configs."""
_RANKS: Final = (1, 2, 4, 8, 9, 16, 17, 32, 64, 100, 256, 320, 512, 600)
_SIZES: Final[Mapping[str, tuple[int, ...]]] = {
    "hidden_size": (32, 64, 96),
    "intermediate_size": (56, 64, 120),
    "moe_intermediate_size": (24, 32, 48),
    "vocab_size": (96, 100, 128, 250, 321),
    "num_experts": (4, 6),
    "num_local_experts": (4, 6),
    "n_routed_experts": (4, 8),
    "shared_expert_intermediate_size": (40, 48),
    "num_key_value_heads": (1, 2, 4),
}


class Draw(NamedTuple):
    """A base, adapters for it, and the settings that a user gave.

    `values` are those of the base's config.
    """

    seed: int
    number: int
    model_type: str
    values: dict[str, Any]
    base: Path
    adapters: tuple[Path, ...]
    runtime: str
    hardware: Hardware


def model_types() -> tuple[str, ...]:
    """Return the model types whose buffers are known."""
    facts = profile_of("vllm").buffers
    assert facts is not None
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES as CLASSES

    return tuple(one for one in ARCHITECTURES if CLASSES[one] in facts.architectures)


def draw(number: int, seed: int, root: Path) -> Draw:
    """Make a set of adapters, always the same one for a number and a seed."""
    dice = random.Random(f"{seed}.{number}")  # noqa: S311  # no secret
    types = model_types()
    model_type = types[number % len(types)]
    values = _values(model_type, dice)
    folder = root / f"{number}"
    base = folder / "base"
    model = _model(model_type, values, base)
    adapters = []
    for at in range(dice.randint(1, 4)):
        path = folder / f"adapter-{at}"
        if _adapter(model_type, values, dice, path, base):
            adapters.append(path)
    del model
    devices = dice.choice((1, 1, 2, 4))
    settings = _settings(model_type, values, devices, len(adapters), dice)
    dtype: Dtype = dice.choice(("auto", "bfloat16", "float32"))
    runtime = ",".join(["vllm==0.33", *settings])
    return Draw(
        seed, number, model_type, values, base, tuple(adapters), runtime, Hardware(devices, dtype)
    )


def _values(model_type: str, dice: random.Random) -> dict[str, Any]:
    """Return the values of a config like the tiny one of a model type."""
    values = dict(ARCHITECTURES[model_type])
    for key, sizes in _SIZES.items():
        if key in values and not (key == "num_key_value_heads" and model_type in _SAME_HEADS):
            values[key] = dice.choice(sizes)
    if "num_hidden_layers" in values and "layer_types" not in values:
        values["num_hidden_layers"] = dice.choice((2, 3))
    if "word_embed_proj_dim" in values:
        values["word_embed_proj_dim"] = values["hidden_size"]
    if model_type == "phi":
        values["intermediate_size"] = 4 * values["hidden_size"]
    if dice.random() < 0.3:
        values["tie_word_embeddings"] = True
    return values


def config_of(model_type: str, values: dict[str, Any]) -> Any:
    """Return the config of a base with some values."""
    from transformers import AutoConfig
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    config = AutoConfig.for_model(model_type, **values)
    config.architectures = [MODEL_FOR_CAUSAL_LM_MAPPING_NAMES[model_type]]
    return config


def write_base(model_type: str, values: dict[str, Any], base: Path) -> None:
    """Write the config of a base."""
    base.mkdir(parents=True, exist_ok=True)
    saved = json.loads(config_of(model_type, values).to_json_string(use_diff=True))
    (base / "config.json").write_text(json.dumps(PUBLISHED.get(model_type, {}) | saved), "utf-8")


def _model(model_type: str, values: dict[str, Any], base: Path) -> Any:
    write_base(model_type, values, base)
    return model_of(config_of(model_type, values))


def _adapter(
    model_type: str, values: dict[str, Any], dice: random.Random, path: Path, base: Path
) -> bool:
    """Have PEFT make an adapter; tell whether it could."""
    import peft

    model = model_of(config_of(model_type, values))
    layers = layers_of(model)
    every = [*layers.attention, *layers.mlp]
    chosen = dice.sample(every, dice.randint(1, len(every)))
    if dice.random() < 0.2:
        chosen.append(dice.choice((layers.embedding, layers.head)))
    rank = dice.choice(_RANKS)
    config: dict[str, Any] = {
        "r": rank,
        "lora_alpha": 8,
        "target_modules": chosen,
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": str(base),
    }
    if layers.experts and dice.random() < 0.4:
        config["target_parameters"] = [
            f"{one}.{name}" for one in layers.experts for name in ("gate_up_proj", "down_proj")
        ]
    if dice.random() < 0.2:
        config["rank_pattern"] = {chosen[0]: dice.choice(_RANKS)}
    if dice.random() < 0.1:
        config["use_dora"] = True
    if dice.random() < 0.2:
        config["layers_to_transform"] = [1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wrapped = peft.get_peft_model(model, peft.LoraConfig(**config))
        except (ValueError, TypeError, NotImplementedError, RuntimeError, KeyError):
            return False
        wrapped.save_pretrained(str(path))
    return True


def _settings(
    model_type: str, values: dict[str, Any], devices: int, number: int, dice: random.Random
) -> list[str]:
    """Return settings that a user gives."""
    found = []
    if dice.random() < 0.25:
        found.append(f"max_loras={dice.randint(1, max(1, number))}")
    if devices > 1 and dice.random() < 0.5:
        found.append("fully_sharded_loras")
    if any("experts" in key for key in values) and dice.random() < 0.3:
        found.append(dice.choice(("enable_mixed_moe_lora_format", "enable_moe_shared_loras")))
    return found
