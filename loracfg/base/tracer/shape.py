"""The keys of a config class: what they are by default, and which values they may have."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
import sys
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from loracfg.base.tracer.instruments import IGNORED
from loracfg.base.tracer.popped import alphabets, popped_keys

_NUMERIC: Final = re.compile(r"_(size|dim|heads|rank|layers|channels|window)$|^n_|^num_|_dim_")
_TOKEN: Final = re.compile(r"(?<!pad)_token_(id|ids|index)$")
_LAYER_TYPES: Final = re.compile(r"layer_types$|block_types?$|layers_block_type")
_PATTERN: Final = re.compile(r"pattern|types?$|ratios$|block")
_RATE: Final = re.compile(r"(theta|base|pct|factor|scale|dropout|drop|eps|ratio|rate)$")
_UNCHANGED: Final = IGNORED | {
    "_attn_implementation",
    "chunk_size_feed_forward",
    "id2label",
    "label2id",
    "problem_type",
    "pruned_heads",
    "base_model_tp_plan",
    "use_cache",
    "rope_parameters",
    "rope_scaling",
    "is_encoder_decoder",
    "out_features",
    "out_indices",
    "stage_names",
    "base_model_pp_plan",
    "base_model_ep_plan",
    "base_model_fsdp_plan",
    "auto_map",
    "quantization_config",
    "torchscript",
    "use_bfloat16",
    "tf_legacy_loss",
    "bad_words_ids",
    "begin_suppress_tokens",
    "suppress_tokens",
    "forced_decoder_ids",
    "task_specific_params",
    "finetuning_task",
    "tokenizer_class",
    "prefix",
}


@dataclass
class Field:
    """A key of a config: what it is by default, and which types it may have.

    `example` is what the class makes of an absent key; `words` are what the items of a list, or
    the characters of a string, may be. `is_extra`: no attribute has the name of the key.
    """

    name: str
    default: Any
    is_declared: bool = False
    types: tuple[type, ...] = ()
    choices: tuple[Any, ...] = ()
    is_extra: bool = False
    example: Any = None
    words: tuple[Any, ...] = ()


@dataclass
class Shape:
    """The keys of a config class, with those of the configs inside it."""

    cls: Any
    fields: dict[str, Field] = field(default_factory=dict)
    parts: dict[str, Shape] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def keys(self, prefix: str = "") -> set[str]:
        """Return the paths of all keys that are drawn."""
        inner = (part.keys(f"{prefix}{name}.") for name, part in self.parts.items())
        return {prefix + name for name in self.fields}.union(*inner)

    def extras(self, prefix: str = "") -> set[str]:
        """Return the paths of the keys that no attribute has the name of."""
        inner = (part.extras(f"{prefix}{name}.") for name, part in self.parts.items())
        return {prefix + f.name for f in self.fields.values() if f.is_extra}.union(*inner)

    def defaults(self, prefix: str = "") -> dict[str, Any]:
        """Return the default of each declared key by its path."""
        found = {prefix + f.name: f.default for f in self.fields.values() if f.is_declared}
        for name, part in self.parts.items():
            found |= part.defaults(f"{prefix}{name}.")
        return found

    def add_absent(self, paths: Iterable[str]) -> None:
        """Add attributes that models ask for, and that no config has by default, as keys."""
        for path in paths:
            *parents, name = path.split(".")
            at: Shape | None = self
            for parent in parents:
                at = at.parts.get(parent) if at else None
            if at and not at.knows(name):
                at.fields[name] = _extra(name, None, (), at)

    def knows(self, name: str) -> bool:
        """Tell whether a key is drawn, or must not be."""
        known = (self.fields, self.parts, _UNCHANGED, self.aliases.values())
        return any(name in names for names in known) or bool(_TOKEN.search(name))


def shape_of(config: Any) -> Shape:
    """Read the keys of a config object off it and its class."""
    from transformers import PreTrainedConfig

    cls = type(config)
    shape = Shape(cls, aliases={v: k for k, v in getattr(cls, "attribute_map", {}).items()})
    declared = _declared(cls)
    for name, value in vars(config).items():
        if name.startswith("_") or name in _UNCHANGED or _TOKEN.search(name):
            continue
        if isinstance(value, PreTrainedConfig):
            shape.parts[name] = shape_of(value)
            continue
        hint, default = declared.get(name, (None, value))
        if isinstance(default, (int, float, str, bool, list, tuple, type(None))):
            default = list(default) if isinstance(default, tuple) else default
            allowed, choices = _types(hint, cls)
            if type(None) not in allowed and default is None:
                allowed = (*allowed, type(None), *_guessed(name, value))
            one = Field(name, default, name in declared, allowed, choices, example=value)
            if _LAYER_TYPES.search(name):
                one.words = layer_words(cls, value if isinstance(value, list) else [])
            shape.fields[name] = one
    words = alphabets(cls)
    for name, default in popped_keys(cls).items():
        if not shape.knows(name) and name not in vars(config):
            shape.fields[name] = _extra(name, default, words, shape)
    if "vocab_size" not in shape.fields:
        shape.add_absent(["vocab_size"])
    shape.fields["num_labels"] = Field("num_labels", config.num_labels, True, (int,))
    return shape


def _extra(name: str, default: Any, words: tuple[Any, ...], beside: Shape) -> Field:
    """Return a key that has no attribute; one whose name ends in another's is like that one."""
    if default is not None:
        return Field(name, default, types=(type(default),), is_extra=True)
    like = next((f for known, f in beside.fields.items() if name.endswith(f"_{known}")), None)
    if like is not None and isinstance(like.default, (bool, int, float, str)):
        return Field(name, like.default, types=(type(like.default),), is_extra=True)
    guessed = _guessed(name, None)
    spelled = words if _PATTERN.search(name) else ()
    return Field(name, None, types=guessed, is_extra=True, words=spelled)


def _guessed(name: str, value: Any) -> tuple[type, ...]:
    """Return the types that a key without default and type most likely takes."""
    if value is not None:
        return (type(value),)
    if _RATE.search(name):
        return (float,)
    return (int,) if _NUMERIC.search(name) else ()


def layer_words(cls: Any, known: list[Any]) -> tuple[str, ...]:
    """Return the names of layer types that a model's code holds, with their older names."""
    from transformers import configuration_utils

    names = vars(configuration_utils)
    text = _source(cls)
    allowed = [n for n in names.get("ALLOWED_LAYER_TYPES", ()) if f'"{n}"' in text]
    words = dict.fromkeys([*(one for one in known if isinstance(one, str)), *allowed])
    older = names.get("_LEGACY_LAYER_TYPE_REMAP", {})
    return (*words, *(old for old, new in older.items() if new in words))


@functools.cache
def _source(cls: Any) -> str:
    home = Path(sys.modules[cls.__module__].__file__ or "").parent
    return "".join(path.read_text("utf-8") for path in sorted(home.glob("*.py")))


def _declared(cls: Any) -> dict[str, tuple[Any, Any]]:
    """Return the type and default of each key that a config class declares."""
    if dataclasses.is_dataclass(cls):
        return {f.name: (f.type, _default(f)) for f in dataclasses.fields(cls)}
    found: dict[str, tuple[Any, Any]] = {}
    for base in reversed(cls.__mro__):  # transformers 4 passes what it does not name on
        if "__init__" in vars(base) and base is not object:
            for name, one in inspect.signature(vars(base)["__init__"]).parameters.items():
                if one.default is not inspect.Parameter.empty:
                    found[name] = (one.annotation, one.default)
    return found


def _default(one: dataclasses.Field[Any]) -> Any:
    if one.default is not dataclasses.MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not dataclasses.MISSING else None


def _types(hint: Any, cls: Any) -> tuple[tuple[type, ...], tuple[Any, ...]]:
    if isinstance(hint, str):
        try:
            hint = eval(hint, vars(typing) | vars(sys.modules[cls.__module__]))  # noqa: S307
        except Exception:  # a name that only a type checker sees
            return (), ()
    allowed: list[type] = []
    choices: list[Any] = []
    for part in _union(hint):
        if typing.get_origin(part) is typing.Literal:
            choices += typing.get_args(part)
            allowed.append(str)
        else:
            origin = typing.get_origin(part) or part
            if isinstance(origin, type):
                allowed.append(getattr(origin, "cast", origin))
    return tuple(allowed), tuple(choices)


def _union(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) is typing.Annotated:
        return _union(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return tuple(p for part in typing.get_args(hint) for p in _union(part))
    return (hint,)
