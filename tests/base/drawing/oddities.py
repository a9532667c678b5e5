"""Changes a drawn config like real files, and in ways that no file should have."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, Final

from loracfg.base.from_library.sandbox import offline, quiet
from tests.base.drawing.shape import Shape
from tests.base.drawing.values import COUNTED

_EXTRA: Final[tuple[dict[str, Any], ...]] = (
    {"unknown_key": 1, "another": [1, {"a": None}]},
    {"transformers_version": "4.30.0", "torch_dtype": "float16"},
    {"dtype": "bfloat16", "_name_or_path": "some/where"},
    {"max_length": 20, "num_beams": 2, "do_sample": True, "temperature": 0.5},
    {"name_or_path": "some/where", "attn_implementation": "sdpa"},
    {"_attn_implementation": "sdpa", "gradient_checkpointing": True, "_commit_hash": "abc"},
    {"architectures": ["SomeModel"], "auto_map": {"AutoModel": "modeling.SomeModel"}},
    {"output_attentions": True, "return_dict": False, "tokenizer_class": "X", "use_bfloat16": True},
    {"finetuning_task": "x", "torchscript": True, "prefix": "", "task_specific_params": {}},
)
_QUANTISED: Final[tuple[dict[str, Any], ...]] = (
    {"quant_method": "bitsandbytes", "load_in_4bit": True, "_load_in_4bit": True},
    {"quant_method": "gptq", "bits": 4, "group_size": 128},
    {"quant_method": "fp8", "weight_block_size": [128, 128]},
)
_WRONG: Final[tuple[Any, ...]] = (None, "text", 1.5, 2.0, [], {}, [2], True, False, 0, -1, 7, "8")


def odd(shape: Shape, made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Apply one change, but usually none."""
    if rng.random() < 0.45:
        return made
    changes: tuple[tuple[int, Callable[[], dict[str, Any]]], ...] = (
        (8, lambda: _saved(shape, made, rng)),
        (4, lambda: made | dict(rng.choice(_EXTRA))),
        (2, lambda: made | {"quantization_config": dict(rng.choice(_QUANTISED))}),
        (3, lambda: _restated(shape, made, rng)),
        (3, lambda: _doubled(shape, made, rng)),
        (3, lambda: _flattened(made, rng)),
        (1, lambda: _by_layer(shape, made, rng)),
        (3, lambda: _wrong(shape, made, rng)),
        (2, lambda: _shuffled(made, rng)),
    )
    weights = [weight for weight, _ in changes]
    return rng.choices([change for _, change in changes], weights)[0]()


def _saved(shape: Shape, made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return a config as transformers writes it, or unchanged if it rejects it."""
    cls: Any = shape.cls
    try:
        with quiet(), offline():
            text = cls.from_dict(dict(made)).to_json_string(use_diff=rng.random() < 0.7)
        found: dict[str, Any] = json.loads(text)
    except Exception:  # foreign constructors can raise anything
        return made
    return found


def _restated(shape: Shape, made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Write out defaults that were not drawn, so they count as given."""
    plain = [n for n, f in shape.fields.items() if not f.is_extra and n not in made]
    some = rng.sample(plain, min(len(plain), rng.randint(1, 12)))
    counts = [n for n in some if COUNTED.search(n)]  # large by default
    return {n: shape.fields[n].default for n in some if n not in counts} | made


def _doubled(shape: Shape, made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Set a key under both of its names, with different values."""
    both = [(own, alias) for own, alias in shape.aliases.items() if own in made]
    if not both:
        return made
    own, alias = rng.choice(both)
    value = made[own]
    other = value * 2 if type(value) is int else value
    return made | {alias: other} if rng.random() < 0.5 else {alias: other} | made


def _flattened(made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Move the keys of a nested config up, as in files of older releases."""
    parts = [name for name, value in made.items() if isinstance(value, dict) and len(value) > 1]
    if not parts:
        return made
    name = "text_config" if "text_config" in parts else rng.choice(parts)
    inner = {k: v for k, v in made[name].items() if k != "model_type"}
    rest = {k: v for k, v in made.items() if k != name}
    return rest | inner if rng.random() < 0.7 else made | inner


def _by_layer(shape: Shape, made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Give a layer its own value."""
    sizes = [n for n, f in shape.fields.items() if type(f.default) is int and "size" in n]
    if not sizes:
        return made
    name = rng.choice(sizes)
    value = shape.fields[name].default * 2
    return made | {"per_layer_config": {"0": {name: value}}}


def _wrong(shape: Shape, made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Give a key, also one of a part, a value of an unlikely kind."""
    parts = [name for name in shape.parts if isinstance(made.get(name), dict)]
    if parts and rng.random() < 0.5:
        name = rng.choice(parts)
        return made | {name: _wrong(shape.parts[name], made[name], rng)}
    name = rng.choice([*shape.fields, *shape.parts, *shape.special])
    return made | {name: rng.choice(_WRONG)}


def _shuffled(made: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    keys = list(made)
    rng.shuffle(keys)
    return {key: made[key] for key in keys}
