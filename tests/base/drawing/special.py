"""Draws keys with a special form: rotary positions, labels, outputs of backbones."""

from __future__ import annotations

import random
from typing import Any, Final

from tests.base.drawing.shape import Shape
from tests.base.drawing.sizes import Effective

_KINDS: Final = ("linear", "dynamic", "yarn", "longrope", "llama3", "default")


def special_keys(
    shape: Shape, made: dict[str, Any], rng: random.Random, rate: float
) -> dict[str, Any]:
    """Draw some of a config's special keys."""
    found: dict[str, Any] = {}
    special = shape.special
    if rng.random() < rate / 2 and ("rope_parameters" in special or "rope_scaling" in special):
        found |= _rope(shape, made, rng)
    if rng.random() < rate / 2:
        found |= _labels(rng)
    if isinstance(special.get("stage_names"), list) and rng.random() < rate:
        found |= _outputs(special["stage_names"], rng)
    if rng.random() < rate / 3 and "use_cache" in special:
        found["use_cache"] = rng.random() < 0.5
    if rng.random() < rate / 4 and "chunk_size_feed_forward" in special:
        found["chunk_size_feed_forward"] = rng.choice((0, 2))
    return found


def _rope(shape: Shape, made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    default = shape.special.get("rope_parameters")
    if isinstance(default, dict) and default and rng.random() < 0.6:
        nested = {k: v for k, v in default.items() if isinstance(v, dict)}
        if nested:
            rope = {name: _rope_of(shape, made, rng) for name in nested}
            return {rng.choice(("rope_parameters", "rope_scaling")): rope}
    found: dict[str, Any] = {}
    rope = _rope_of(shape, made, rng)
    if rng.random() < 0.3:  # as in transformers 4
        found["rope_theta"] = rope.pop("rope_theta", 10_000.0)
    key = "rope_scaling" if rng.random() < 0.5 else "rope_parameters"
    return found | {key: rng.choice((rope, rope, rope, rope, None))}


def _rope_of(shape: Shape, made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    kind = rng.choice(_KINDS)
    rope: dict[str, Any] = {rng.choice(("rope_type", "rope_type", "type")): kind}
    rope["rope_theta"] = rng.choice((10_000.0, 500_000.0, 1_000_000))
    if kind != "default":
        rope["factor"] = rng.choice((2.0, 4.0, 8.0))
    if kind in ("yarn", "longrope", "llama3"):
        rope["original_max_position_embeddings"] = 512
    if kind == "llama3":
        rope |= {"low_freq_factor": 1.0, "high_freq_factor": 4.0}
    if kind == "longrope":
        length = (_head_dim(shape, made) or 64) // 2
        rope |= {"short_factor": [1.0] * length, "long_factor": [2.0] * length}
    if kind == "yarn" and rng.random() < 0.5:
        rope |= {"beta_fast": 32, "beta_slow": 1, "mscale": 1.0, "mscale_all_dim": 1.0}
    if rng.random() < 0.15:
        rope["partial_rotary_factor"] = 0.5
    if rng.random() < 0.2 and "vision" not in shape.model_type:
        rope["mrope_section"] = [4, 6, 6]
    if rng.random() < 0.03:
        rope.pop(rng.choice(list(rope)))
    return rope


def _head_dim(shape: Shape, made: dict[str, Any]) -> int | None:
    config = Effective(shape, made)
    own = config.number("qk_rope_head_dim", "head_dim")
    size, heads = config.number("hidden_size"), config.number("num_attention_heads")
    return own or (size // heads if size and heads else None)


def _labels(rng: random.Random) -> dict[str, Any]:
    count = rng.choice((1, 2, 3, 5))
    names = {str(number): f"L{number}" for number in range(count)}
    found: dict[str, Any] = {}
    if rng.random() < 0.8:
        found["id2label"] = names
    if rng.random() < 0.5:
        found["label2id"] = {name: int(number) for number, name in names.items()}
    if rng.random() < 0.3:
        found["num_labels"] = rng.choice((count, count, 4))
    if rng.random() < 0.3:
        found["problem_type"] = rng.choice(
            ("regression", "multi_label_classification", "single_label_classification")
        )
    return found


def _outputs(stages: list[str], rng: random.Random) -> dict[str, Any]:
    chosen = sorted(rng.sample(range(len(stages)), rng.randint(1, len(stages))))
    if rng.random() < 0.5:
        return {"out_indices": chosen}
    return {"out_features": [stages[index] for index in chosen]}
