"""Draws configs with odd values for the fields of a config class."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any, Final

from loracfg.base.catalogue.configs.config_library import ConfigLibrary
from loracfg.base.catalogue.configs.config_values import NO_DEFAULT, decode_value
from loracfg.base.catalogue.evaluation.config import Config, ConfigClass
from loracfg.base.catalogue.evaluation.facts_source import FieldTest
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

EVERY_KIND: Final[list[Any]] = [
    *(None, True, 3, -1, 2.5, "text", "gelu", [], [1, 2], ["a"], [[1]], [1.5], {}, {"a": 1}),
]
_ODD: Final[list[Any]] = ["text", 3, 2.5, [1, 2], {"a": 1}, True, -1, 0]
_YARN: Final = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 4096}
_LLAMA3: Final = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}
_FACTORS: Final = {"short_factor": [1.0] * 48, "long_factor": [2.0] * 48}
_ROPES: Final[list[Any]] = [
    *(None, {}, "linear", [1], {"rope_type": "linear"}, {"rope_type": "unheard_of"}),
    {"type": "linear", "factor": 2.0},
    {"rope_type": "linear", "factor": 4},
    {"type": "dynamic", "factor": 2.0},
    {"rope_type": "default"},
    _YARN,
    {"type": "yarn", "factor": 2.0, "beta_fast": 32, "beta_slow": 1},
    _LLAMA3,
    {"rope_type": "llama3", "factor": 8.0},
    {"type": "longrope", **_FACTORS},
    {"type": "su", **_FACTORS},
    {"type": "mrope", "mrope_section": [16, 24, 24]},
    {"rope_type": "default", "rope_theta": 500000.0, "partial_rotary_factor": 0.5},
    {"rope_theta": 1e6},
    {
        "full_attention": {"rope_type": "linear", "factor": 8.0},
        "sliding_attention": {"rope_type": "default", "rope_theta": 1e4},
    },
    {"full_attention": {"rope_type": "yarn", "factor": 8.0}},
    {"sliding_attention": None, "full_attention": {"rope_type": "default"}},
]
_MORE: Final[list[tuple[str, Any]]] = [
    *(("num_labels", one) for one in (1, 3, None)),
    *(("id2label", one) for one in ({"0": "a", "1": "b"}, {"x": "a"})),
    ("problem_type", "single_label_classification"),
    ("torch_dtype", "bfloat16"),
    ("_name_or_path", "some/model"),
    ("name_or_path", 3),
    ("architectures", ["XForCausalLM"]),
    ("unheard_of", {"a": [1]}),
    ("output_attentions", True),
    ("use_return_dict", True),
    ("return_dict", None),
    ("max_length", 20),
    ("do_sample", True),
    ("transformers_version", "4.1"),
    *(("rope_theta", one) for one in (12345.0, None)),
    ("partial_rotary_factor", 0.5),
    ("rope_local_base_freq", 99.0),
    *(("layer_types", one) for one in (["full_attention"], ["attention", "mamba"])),
    ("mlp_layer_types", ["sparse"]),
    ("out_features", ["stage1"]),
    *(("out_indices", one) for one in ([0], [-1, 1])),
    ("sliding_window_pattern", 3),
    *(("per_layer_config", {"0": one}) for one in ({"hidden_size": 8}, {"skip": ["mlp"]})),
    ("is_encoder_decoder", True),
    ("vocab_size", 0),
    ("quantization_config", {"quant_method": "fp8"}),
    ("tie_word_embeddings", None),
    ("head_dim", 33),
    ("text_config", {}),
    ("use_timm_backbone", True),
    ("backbone", "resnet50"),
    ("backbone_config", None),
    ("model_type", "other"),
    ("limit", [{"__float__": "Infinity"}, {"__float__": "other"}]),
]


class Mutations:
    """Draws configs of a library."""

    def __init__(self, library: ConfigLibrary, rng: random.Random) -> None:
        self._library, self._rng = library, rng

    def draw(self, class_name: str) -> dict[str, Any]:
        """Draw the value of a `config.json` for a class."""
        drawn: dict[str, Any] = json.loads(json.dumps(self._class(class_name, 0)))
        return drawn

    def _class(self, name: str, depth: int) -> dict[str, Any]:
        try:
            config_class = self._library.config_class(name)
        except DeclinedError:
            return {}
        if config_class.is_config and not self._library.is_older:
            values = self._fields(config_class)
            self._add_names(config_class, values)
            self._add_rope("rope_parameters" in config_class.fields, values)
            self._add_more(values)
            if depth < 3:
                self._add_parts(config_class, values, depth)
            return values
        return self._without_fields(config_class, depth)

    def _fields(self, config_class: ConfigClass) -> dict[str, Any]:
        """Draw values for the fields that the class needs, and for some others."""
        rng, facts = self._rng, config_class
        values: dict[str, Any] = {
            name: rng.choice([None, 4, "a", {}])
            for name, default in facts.fields.items()
            if _is_needed(facts.checks.get(name), default)
        }
        names = [name for name in facts.fields if name != "transformers_version"]
        other = {of: name for name, of in facts.names.items()}
        for name in rng.sample(names, min(len(names), rng.choice([0, 1, 1, 2, 4, 8]))):
            is_renamed = name in other and rng.random() < 0.5
            key = other[name] if is_renamed else name
            values[key] = self._value(_default(facts.fields[name]))
        return values

    def _value(self, default: Any) -> Any:
        """Draw a different value for a field."""
        rng = self._rng
        chance = rng.random()
        if chance < 0.2:
            return None
        if chance < 0.3:
            return rng.choice(_ODD)
        if isinstance(default, bool) or (default is None and rng.random() < 0.3):
            return rng.random() < 0.5
        if isinstance(default, int):
            return rng.choice([default, default * 2, max(default // 2, 1), default + 1, 8, 4, 2])
        if isinstance(default, float):
            return rng.choice([default, default / 2, 1, 0.0, 2.0])
        if isinstance(default, (list, tuple)) and default:
            items = list(default)
            return rng.choice([items, items[:-1], [*items, items[-1]], items[:1]])
        return rng.choice([4, 64, 128, None]) if default is None else default

    def _add_names(self, config_class: ConfigClass, values: dict[str, Any]) -> None:
        names = sorted(config_class.names)
        for name in self._rng.sample(names, min(len(names), self._rng.choice([0, 0, 1]))):
            values[name] = self._rng.choice([2, 4, 64, None])

    def _add_rope(self, has_rope: bool, values: dict[str, Any]) -> None:
        rng = self._rng
        if rng.random() < (0.5 if has_rope else 0.05):
            values[rng.choice(["rope_scaling", "rope_parameters"])] = rng.choice(_ROPES)
        if has_rope and rng.random() < 0.3:
            values["rope_theta"] = rng.choice([1e6, 10000, 5e5])

    def _add_more(self, values: dict[str, Any]) -> None:
        for _ in range(self._rng.choice([0, 0, 1, 1, 2])):
            key, value = self._rng.choice(_MORE)
            values[key] = copy.deepcopy(value)

    def _add_parts(self, config_class: ConfigClass, values: dict[str, Any], depth: int) -> None:
        rng, types = self._rng, self._library.types
        for key, (named, model_type, *_) in config_class.parts.items():
            if rng.random() < 0.5:
                continue
            drawn = rng.choice([model_type, model_type, "llama", "clip_vision_model"])
            name = named or types.get(drawn or "")
            inner = self._class(name, depth + 1) if name else {}
            if rng.random() < 0.5 and name:
                inner["model_type"] = next((one for one in types if types[one] == name), "")
            values[key] = rng.choice([inner, inner, inner, {}, None])

    def _without_fields(self, config_class: ConfigClass, depth: int) -> dict[str, Any]:
        """Draw a config of transformers 4, with keys from the default config."""
        rng = self._rng
        try:
            default = self._library.config({}, config_class.name)
        except (RefusedError, DeclinedError):
            return {}
        own = {
            name: value for name, value in default.attributes.items() if not name.startswith("_")
        }
        names = sorted(name for name, value in own.items() if not isinstance(value, Config))
        values = {
            name: self._value(own[name])
            for name in rng.sample(names, min(len(names), rng.choice([0, 1, 2, 4, 8])))
        }
        self._add_names(config_class, values)
        if "rope_scaling" in own and rng.random() < 0.5:
            values["rope_scaling"] = rng.choice(_ROPES)
        self._add_more(values)
        for name, value in own.items():
            if isinstance(value, Config) and depth < 2 and rng.random() < 0.5:
                values[name] = rng.choice(
                    [{}, None, self._class(value.config_class.name, depth + 1)]
                )
        return values


def each_alone(library: ConfigLibrary, class_name: str) -> Iterator[dict[str, Any]]:
    """Yield each field and alias of a class alone, with values of every kind."""
    try:
        facts = library.config_class(class_name)
    except DeclinedError:
        return
    for name in (*facts.fields, *facts.names):
        for value in EVERY_KIND:
            yield {name: value}


def _default(default: Any) -> Any:
    try:
        return None if default is NO_DEFAULT else decode_value(default)
    except DeclinedError:
        return None


def _is_needed(check: FieldTest | None, default: Any) -> bool:
    """Return whether a field has no default, or one that it does not accept."""
    if default is NO_DEFAULT or check is None:
        return default is NO_DEFAULT
    try:
        check(decode_value(default))
    except (RefusedError, TypeError):
        return True
    return False
