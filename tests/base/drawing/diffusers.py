"""Draws values of `config.json` for classes of diffusers: published ones with small changes."""

from __future__ import annotations

import functools
import importlib
import inspect
import random
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.base.drawing.diffusers_seeds import SEEDS, WITHOUT_DEFAULTS
from tests.base.drawing.diffusers_values import told_apart

BLOCKS: Final = frozenset(
    (
        "down_block_types",
        "up_block_types",
        "block_out_channels",
        "attention_head_dim",
        "transformer_layers_per_block",
        "reverse_transformer_layers_per_block",
        "layers_per_block",
        "cross_attention_dim",
        "only_cross_attention",
        "num_attention_heads",
        "mult",
        "attention_levels",
        "temporal_transformer_layers_per_block",
    )
)
"""Keys with an item for each block."""
MOST_BLOCKS: Final = 5

_RATE: Final = re.compile(r"drop|prob(?!e)")
"""Keys of rates, which must be between 0 and 1."""
_COUNTED: Final = re.compile(r"layers|depth|num_.*blocks|blocks_num")
_MOST_LAYERS: Final = 4
_INTEGERS: Final = (8, 16, 32, 64, 256, 768)
_ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1, 3, 7, 1.0, 2.5, "2", "", "no-such", [], [1], [2, 2], [1, 2, 2],
    ["a"], {}, {"a": 1}, [None], [True], "auto", "none", "default",
)  # fmt: skip
"""Values that only some keys can have."""
_EXTRA: Final[tuple[tuple[str, Any], ...]] = (
    ("_name_or_path", "a/b"),
    ("_diffusers_version", "0.30.0"),
    ("quantization_config", {"load_in_4bit": True}),
    ("unknown_key", 1),
    ("dtype", "float16"),
    ("torch_dtype", "float16"),
    ("vocab_size", 5),
    ("kwargs", {}),
    ("config", 3),
    ("values", 3),
)
"""Keys that the configs of many classes have, or none."""

_STRINGS: Final[dict[str, tuple[str, ...]]] = {
    "act_fn": ("silu", "gelu", "mish", "swish", "relu", "SiLU"),
    "activation_fn": (
        "gelu", "gelu-approximate", "geglu", "geglu-approximate", "linear-silu", "swiglu", "silu",
    ),
    "addition_embed_type": ("text", "text_time", "image", "text_image", "image_hint"),
    "attention_type": ("default", "gated", "gated-text-image"),
    "class_embed_type": ("timestep", "identity", "projection", "simple_projection"),
    "conditioning_channel_order": ("rgb", "bgr"),
    "cross_attention_norm": ("layer_norm", "group_norm"),
    "down_block_types": (
        "DownBlock2D", "CrossAttnDownBlock2D", "AttnDownBlock2D", "ResnetDownsampleBlock2D",
        "SimpleCrossAttnDownBlock2D", "SkipDownBlock2D", "KDownBlock2D", "DownEncoderBlock2D",
    ),
    "encoder_hid_dim_type": ("text_proj", "text_image_proj", "image_proj"),
    "image_condition_type": ("latent_concat", "token_replace"),
    "mid_block_type": (
        "UNetMidBlock2D", "UNetMidBlock2DCrossAttn", "UNetMidBlock2DSimpleCrossAttn",
    ),
    "qk_norm": (
        "rms_norm", "layer_norm", "rms_norm_across_heads", "layer_norm_across_heads", "l2", "fp32",
    ),
    "resnet_time_scale_shift": ("default", "scale_shift", "ada_group", "spatial"),
    "time_embedding_act_fn": ("silu", "gelu"),
    "time_embedding_type": ("positional", "fourier"),
    "timestep_activation_fn": ("silu", "gelu"),
    "timestep_post_act": ("silu",),
    "up_block_types": (
        "UpBlock2D", "CrossAttnUpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D",
        "SimpleCrossAttnUpBlock2D", "SkipUpBlock2D", "KUpBlock2D", "UpDecoderBlock2D",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Key:
    """An argument of a constructor, with the kinds of values in its annotation."""

    name: str
    default: Any
    kinds: frozenset[str]


def class_of(name: str) -> Any:
    """Import a class of diffusers."""
    return getattr(importlib.import_module("diffusers"), name)


@functools.cache
def keys_of(name: str) -> dict[str, Key]:
    """Return the keys of a class by name, with defaults as JSON."""
    found = {}
    for one in list(inspect.signature(class_of(name).__init__).parameters.values())[1:]:
        if one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL):
            continue
        default = as_json(None if one.default is one.empty else one.default)
        kinds = frozenset({*_kinds(one.annotation), kind_of(default)})
        kinds |= {"null"} if "bool" in kinds else set()  # as published, whatever the annotation
        found[one.name] = Key(one.name, default, kinds)
    return found


def as_json(value: Any) -> Any:
    """Return a value with lists instead of tuples."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, (list, tuple)) else value


_NAMES: Final = {bool: "bool", int: "int", float: "float", str: "str", type(None): "null"}


def kind_of(value: Any) -> str:
    """Return the kind of a JSON value."""
    return _NAMES.get(type(value), "dict" if isinstance(value, dict) else "list")


def _kinds(hint: Any) -> Iterator[str]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        for part in typing.get_args(hint):
            yield from _kinds(part)
        return
    origin = typing.get_origin(hint) or hint
    if origin in _NAMES:
        yield _NAMES[origin]
    elif origin in (list, tuple):
        yield "list"


class DiffusersDraw:
    """Draws configs of a class."""

    def __init__(self, name: str, rng: random.Random) -> None:
        self.keys = keys_of(name)
        own = SEEDS.get(name, ())
        self.seeds = [*own] if name in WITHOUT_DEFAULTS else [{}, *own]
        self.rng = rng

    def config(self) -> dict[str, Any]:
        """Return the value of a `config.json`."""
        rng = self.rng
        rate = rng.choice((0.0, 0.0, 0.04, 0.15))
        seed = rng.choice(self.seeds)
        made = {key.name: key.default for key in self.keys.values()} | seed
        made = {name: list(v) if isinstance(v, list) else v for name, v in made.items()}
        if rate and rng.random() < 0.4:
            self._resize(made)
        changed = [rng.choice(list(self.keys))] if self.keys else []
        for name, key in self.keys.items():
            if name in changed or rng.random() < rate:
                made[name] = self.value(key, made)
        self._shrink(made)
        if rng.random() < 0.25:
            made[rng.choice(list(made))] = rng.choice(_ODD)
        kept = {
            name: value
            for name, value in made.items()
            if value != self.keys[name].default or name in seed or rng.random() < 0.5
        }
        if rng.random() < 0.15:
            name, value = rng.choice(_EXTRA)
            kept.setdefault(name, value)
        return kept

    def _resize(self, made: dict[str, Any]) -> None:
        """Change the length of all lists with an item for each block."""
        length = self.rng.randint(1, MOST_BLOCKS)
        for name in sorted(BLOCKS & made.keys()):
            values = made[name]
            if isinstance(values, list) and values:
                picks = sorted(self.rng.choices(range(len(values)), k=length))
                made[name] = [values[at] for at in picks]

    def _shrink(self, made: dict[str, Any]) -> None:
        """Reduce the number of layers."""
        for name, value in made.items():
            if _COUNTED.search(name) and type(value) is int and value > _MOST_LAYERS:
                made[name] = self.rng.randint(1, _MOST_LAYERS)
            elif _COUNTED.search(name) and isinstance(value, list):
                made[name] = [min(v, _MOST_LAYERS) if type(v) is int else v for v in value]

    def value(self, key: Key, made: dict[str, Any]) -> Any:
        """Return a different value for a key."""
        rng = self.rng
        now = made[key.name]
        kinds = sorted(key.kinds - {"dict"})
        kind = rng.choice(kinds) if kinds and rng.random() < 0.4 else kind_of(now)
        if kind == "null":
            kind = rng.choice(kinds) if "null" not in kinds or rng.random() < 0.7 else "null"
        match kind:
            case "bool":
                return not now if isinstance(now, bool) else rng.random() < 0.5
            case "str":
                return self._string(key)
            case "list":
                return self._list(key, now, made)
            case "int":
                return self._integer(key, now)
            case "float":
                return self._float(key, now)
        return None

    def _string(self, key: Key) -> Any:
        pool = {v for v in told_apart().get(key.name, ()) if isinstance(v, str)}
        known = sorted({*pool, *_STRINGS.get(key.name, ())})
        return self.rng.choice(known) if known else key.default

    def _integer(self, key: Key, now: Any) -> Any:
        rng = self.rng
        if _RATE.search(key.name):
            return 0
        pool = sorted(v for v in told_apart().get(key.name, ()) if type(v) is int)
        if pool and rng.random() < 0.3:
            return max(rng.choice(pool) + rng.choice((-1, 0, 1)), 0)
        if _COUNTED.search(key.name):
            return rng.randint(1 if key.name in BLOCKS else 0, _MOST_LAYERS)
        if isinstance(now, list):
            now = now[0] if now and type(now[0]) is int else None
        if type(now) is not int:
            return rng.choice(_INTEGERS)
        if now <= 4:
            return rng.randint(1, 4)
        return max(int(now * rng.choice((0.25, 0.5, 2, 3))), 1)

    def _float(self, key: Key, now: Any) -> Any:
        if _RATE.search(key.name):
            return self.rng.choice((0.0, 0.1, 1e-6))
        base = float(now) if isinstance(now, (int, float)) else 1.0
        return base * self.rng.choice((0.5, 1, 2, 1.5))

    def _list(self, key: Key, now: Any, made: dict[str, Any]) -> Any:
        rng = self.rng
        if key.name in _STRINGS and isinstance(now, list):
            usual = _STRINGS[key.name]
            known = usual if not now or now[0] in usual else sorted({str(one) for one in now})
            return [rng.choice(known) for _ in now]
        if isinstance(now, list):
            return self._other_list(now)
        blocks = made.get("block_out_channels")
        length = len(blocks) if key.name in BLOCKS and isinstance(blocks, list) else 3
        if "bool" in key.kinds:
            return [rng.random() < 0.5 for _ in range(length)]
        if type(now) is not int:
            now = 8
        return [max(1, int(now * rng.choice((1, 1, 2, 0.5)))) for _ in range(length)]

    def _other_list(self, now: list[Any]) -> list[Any]:
        rng = self.rng
        if all(isinstance(item, bool) for item in now) and now:
            return [rng.random() < 0.5 for _ in now]
        if all(type(item) is int for item in now):
            if not now:
                return sorted(rng.sample(range(4), 2))
            if rng.random() < 0.3:
                return [*now, now[-1]] if rng.random() < 0.5 else now[:-1]
            if rng.random() < 0.5:
                return [item * 2 for item in now]
            at = rng.randrange(len(now))
            return [item * rng.choice((2, 3)) if n == at else item for n, item in enumerate(now)]
        return list(now)
