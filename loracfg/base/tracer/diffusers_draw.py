"""Draws values for the `config.json` of classes of diffusers: published ones, changed a little."""

from __future__ import annotations

import inspect
import random
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from loracfg.base.catalogue.expression import kind_of
from loracfg.base.tracer.diffusers_seeds import SEEDS
from loracfg.base.tracer.instruments import RATE

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
    )
)
"""Keys whose lists have an item for each block."""
MOST_BLOCKS: Final = 5
ARRANGED: Final = 40
"""How many arrangements of blocks are tried on each of two configs."""

_UNCHANGED: Final = frozenset(
    ("class_embeddings_concat", "time_embedding_dim", "time_embedding_type", "num_attention_heads")
)
"""Keys that no published model sets, and that change widths all over."""

_STRINGS: Final[dict[str, tuple[str, ...]]] = {
    "act_fn": ("silu", "gelu", "mish", "swish", "relu"),
    "activation_fn": ("gelu", "gelu-approximate", "geglu", "linear-silu"),
    "addition_embed_type": ("text", "text_time", "image", "text_image", "image_hint"),
    "attention_type": ("default", "gated"),
    "class_embed_type": ("timestep", "identity", "projection", "simple_projection"),
    "conditioning_channel_order": ("rgb", "bgr"),
    "cross_attention_norm": ("layer_norm", "group_norm"),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "encoder_hid_dim_type": ("text_proj", "text_image_proj", "image_proj"),
    "image_condition_type": ("latent_concat", "token_replace"),
    "mid_block_type": ("UNetMidBlock2D", "UNetMidBlock2DCrossAttn"),
    "qk_norm": ("rms_norm", "layer_norm", "rms_norm_across_heads"),
    "resnet_time_scale_shift": ("default", "scale_shift"),
    "time_embedding_act_fn": ("silu", "gelu"),
    "timestep_activation_fn": ("silu", "gelu"),
    "timestep_post_act": ("silu",),
    "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
}
_COUNTED: Final = re.compile(r"layers")
_INTEGERS: Final = (8, 16, 32, 64, 256, 768)


@dataclass(frozen=True)
class Key:
    """An argument of a constructor, with the kinds of value that its annotation names."""

    name: str
    default: Any
    kinds: frozenset[str]


def keys_of(cls: Any) -> dict[str, Key]:
    """Return the keys of a class by name, their defaults as JSON has them."""
    found = {}
    for name, one in list(inspect.signature(cls.__init__).parameters.items())[1:]:
        if one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL):
            continue
        default = as_json(None if one.default is one.empty else one.default)
        kinds = frozenset({*_kinds(one.annotation), kind_of(default)})
        kinds |= {"null"} if "bool" in kinds else set()  # as published, whatever the annotation
        found[name] = Key(name, default, kinds)
    return found


def as_json(value: Any) -> Any:
    """Return a value with lists for tuples."""
    return [as_json(item) for item in value] if isinstance(value, (list, tuple)) else value


def _kinds(hint: Any) -> Iterator[str]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        for part in typing.get_args(hint):
            yield from _kinds(part)
        return
    origin = typing.get_origin(hint) or hint
    known = {bool: "bool", int: "int", float: "float", str: "str", type(None): "null"}
    if origin in known:
        yield known[origin]
    elif origin in (list, tuple):
        yield "list"


class DiffusersDraw:
    """How to draw the config of a class; `pools` are values that decisions asked for, by key."""

    def __init__(self, cls: Any, rng: random.Random, pools: dict[str, set[Any]]) -> None:
        self.keys = keys_of(cls)
        self.seeds = [{}, *SEEDS[cls.__name__]] if cls.__name__ in SEEDS else [{}]
        self.unchanged = _UNCHANGED if "down_block_types" in self.keys else frozenset()
        self.rng = rng
        self.pools = pools
        self.small = True

    def config(self, rate: float | None = None, near: frozenset[str] = frozenset()) -> Any:
        """Return the value of a `config.json`; keys in `near` are changed, others at a rate."""
        rng = self.rng
        rate = rng.choice((0.0, 0.0, 0.04, 0.15)) if rate is None else rate
        seed = rng.choice(self.seeds)
        made = {key.name: key.default for key in self.keys.values()} | seed
        made = {name: list(v) if isinstance(v, list) else v for name, v in made.items()}
        if rate and rng.random() < 0.4:
            self._resize(made)
        for name, key in self.keys.items():
            if name in self.unchanged:
                continue
            if name in near or rng.random() < rate:
                made[name] = self.value(key, made)
        self._shrink(made)
        return {
            name: value
            for name, value in made.items()
            if value != self.keys[name].default or rng.random() < 0.5
        }

    def _resize(self, made: dict[str, Any]) -> None:
        """Give all lists with an item for each block another length."""
        length = self.rng.randint(1, MOST_BLOCKS)
        for name in BLOCKS & made.keys():
            values = made[name]
            if isinstance(values, list) and values:
                picks = sorted(self.rng.choices(range(len(values)), k=length))
                made[name] = [values[at] for at in picks]

    def sweep(self) -> Iterator[dict[str, Any]]:
        """Yield the published configs, then two with one key changed at a time, or the blocks."""
        for seed in self.seeds:
            yield self.few_layers(seed)
        for seed in self.seeds[1:4:2]:
            made = self.few_layers(seed)
            for name, key in self.keys.items():
                for value in () if name in self.unchanged else self.alternatives(key, made):
                    if value != made[name]:
                        yield self._small(made | {name: value}, 2)
            for number in range(ARRANGED if "down_block_types" in made else 0):
                yield self._rearranged(self._small(made, number % MOST_BLOCKS + 1))

    def _small(self, raw: dict[str, Any], length: int) -> dict[str, Any]:
        """Return a config with so many blocks, of one layer each."""
        made = dict(raw)
        if type(made.get("layers_per_block")) is int:
            made["layers_per_block"] = 1
        for name in BLOCKS & made.keys():
            if isinstance(made[name], list):
                last = len(made[name]) - 1
                made[name] = [made[name][min(at, last)] for at in [*range(length - 1), last]]
        return made

    def _rearranged(self, made: dict[str, Any]) -> dict[str, Any]:
        """Change the types of the blocks and their widths to others that are published."""
        rng = self.rng
        for name in ("down_block_types", "up_block_types"):
            if made.get(name):
                usual = _STRINGS[name]
                known = usual if made[name][0] in usual else sorted(set(made[name]))
                made[name] = [rng.choice(known) for _ in made[name]]
        widths = made["block_out_channels"]
        made["block_out_channels"] = sorted(rng.choice(widths) for _ in widths)
        return made

    def alternatives(self, key: Key, made: dict[str, Any]) -> list[Any]:
        """Return values of a key that constructors may tell apart."""
        found: list[Any] = [None] if "null" in key.kinds else []
        if "bool" in key.kinds:
            found += [True, False]
        if "str" in key.kinds:
            found += _STRINGS.get(key.name, ())
        if made[key.name] is None and not RATE.search(key.name):
            found += [32] if "int" in key.kinds else [2.0] if "float" in key.kinds else []
        if "list" in key.kinds and isinstance(made[key.name], (int, bool)):
            found.append(self._list(key, made[key.name], made))
        return found

    def few_layers(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Return a config with few layers."""
        made = {key.name: key.default for key in self.keys.values()} | raw
        self._shrink(made)
        return made

    def _shrink(self, made: dict[str, Any]) -> None:
        """Let there be few layers, however many are the default."""
        for name, value in made.items():
            if _COUNTED.search(name) and type(value) is int and value > 4:
                made[name] = self.rng.randint(1, 4)

    def value(self, key: Key, made: dict[str, Any]) -> Any:
        """Return another value for a key."""
        rng = self.rng
        now = made[key.name]
        kinds = sorted(key.kinds - {"absent", "unknown", "dict"})
        kind = rng.choice(kinds) if rng.random() < 0.4 else kind_of(now)
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
        pool = {v for v in self.pools.get(key.name, ()) if isinstance(v, str)}
        known = sorted({*pool, *_STRINGS.get(key.name, ())} - {None})
        return self.rng.choice(known) if known else key.default

    def _integer(self, key: Key, now: Any) -> Any:
        rng = self.rng
        if RATE.search(key.name):
            return 0
        pool = [v for v in self.pools.get(key.name, ()) if type(v) is int]
        if pool and rng.random() < 0.3:
            return max(rng.choice(pool) + rng.choice((-1, 0, 1)), 0)
        if _COUNTED.search(key.name):
            return rng.randint(1 if key.name in BLOCKS else 0, 4)
        if isinstance(now, list):
            now = now[0] if now and type(now[0]) is int else None
        if type(now) is not int:
            return rng.choice(_INTEGERS)
        if now <= 4:
            return rng.randint(1, 4)
        return max(int(now * rng.choice((0.25, 0.5, 2, 3))), 1)

    def _float(self, key: Key, now: Any) -> Any:
        if RATE.search(key.name):
            return self.rng.choice((0.0, 0.1, 1e-6))
        base = float(now) if isinstance(now, (int, float)) else 1.0
        return base * self.rng.choice((0.5, 1, 2, 1.5))

    def _list(self, key: Key, now: Any, made: dict[str, Any]) -> Any:
        rng = self.rng
        if key.name in _STRINGS:
            return [rng.choice(_STRINGS[key.name]) for _ in now]
        if isinstance(now, list):
            return self._other_list(key, now)
        blocks = made.get("block_out_channels")
        length = len(blocks) if key.name in BLOCKS and isinstance(blocks, list) else 3
        if "bool" in key.kinds:
            return [rng.random() < 0.5 for _ in range(length)]
        if type(now) is not int:
            now = 8
        return [max(1, int(now * rng.choice((1, 1, 2, 0.5)))) for _ in range(length)]

    def _other_list(self, key: Key, now: list[Any]) -> list[Any]:
        rng = self.rng
        if all(type(item) is int for item in now):
            if not now:
                return sorted(rng.sample(range(4), 2))
            if rng.random() < 0.3:
                return [*now, now[-1]] if rng.random() < 0.5 else now[:-1]
            if rng.random() < 0.5:
                return [item * 2 for item in now]
            at = rng.randrange(len(now))
            return [item * rng.choice((2, 3)) if n == at else item for n, item in enumerate(now)]
        if all(isinstance(item, bool) for item in now):
            return [rng.random() < 0.5 for _ in now]
        return list(now)
