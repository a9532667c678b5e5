"""Configs of transformers 5."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from loracfg.base.catalogue.configs import core, per_layer, rope
from loracfg.base.catalogue.configs.config_values import NO_DEFAULT, decode_value, numbered
from loracfg.base.catalogue.configs.core import run_around
from loracfg.base.catalogue.configs.protocol import DTYPES, LAYER_TYPES, RENAMED_LAYERS
from loracfg.base.catalogue.evaluation.config import (
    GLOBAL_ACCESS,
    Config,
    ConfigClass,
    Member,
    Start,
    get_attribute,
)
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

BACKBONE: Final = "backbone_config"
BACKBONE_KEYS: Final = ("use_timm_backbone", "backbone_kwargs", "use_pretrained_backbone")
KERNEL_KEYS: Final = ("_attn_implementation_internal", "_experts_implementation_internal")


def _set_rope_scaling(config: Config, parameters: object) -> None:
    """Set the parameters of rotary positions by their older name."""
    config.set("rope_parameters", parameters)
    if parameters is not None and config.attributes.get("_post_init_done"):
        rope.standardise(config)


def _layer_configs(config: Config) -> per_layer.LayerConfigs:
    return per_layer.LayerConfigs(config)


def _set_layer_configs(config: Config, given: object) -> None:
    config.layers = None if given is None else per_layer.differences(config, given)


MEMBERS: Final[dict[str, object]] = {
    **core.MEMBERS,
    "default_theta": 10000.0,
    "default_rope_type": "default",
    "ignore_keys_at_rope_validation": frozenset(),
    GLOBAL_ACCESS: False,
    "serialize_explicit_per_layer_config": False,
    "_experts_implementation": core.kernels("experts"),
    "torch_dtype": Member(
        lambda config: config.read("dtype"), lambda config, kind: config.set("dtype", kind)
    ),
    "use_return_dict": Member(lambda config: config.read("return_dict")),
    "rope_scaling": Member(lambda config: config.read("rope_parameters"), _set_rope_scaling),
    "is_heterogeneous": Member(lambda config: config.layers is not None),
    "per_layer_config": Member(_layer_configs, _set_layer_configs),
    "per_layer_attributes": Member(lambda config: config.layers and config.layers.hidden),
}
"""What configs share, compute and set in their own way."""


def _check_rope(config: Config) -> None:
    """Check the parameters of rotary positions."""
    parameters = config.get("rope_parameters")
    if parameters:
        width = None if config.layers is not None else config.get("head_dim")
        rope.check(config, rope.by_kind(config, parameters), width)


def _check_output_attentions(config: Config) -> None:
    """Check that kernels can return attentions."""
    kernel = config.read("_attn_implementation")
    if config.read("output_attentions") and kernel not in (None, "eager"):
        raise RefusedError("`output_attentions` needs `attn_implementation` `eager`")


def _check_architecture(config: Config) -> None:
    """Check that all heads together have the width of the model."""
    if config.layers is not None:
        layers = per_layer.LayerConfigs(config)
        for number in range(len(layers)):
            own = layers[number]
            own.config_class.methods["validate_architecture"](own)
        return
    names = ("head_dim", "num_heads", "embed_dim")
    if all(map(config.has, names)):
        width, heads, whole = map(config.read, names)
        if width * heads != whole:
            raise RefusedError("`head_dim * num_heads` is not `embed_dim`")


def _check_layer_types(config: Config) -> None:
    """Check the types of layers."""
    for key, known in LAYER_TYPES.items():
        types = config.get(key)
        if types is None or not config.has("num_hidden_layers"):
            return
        config.budget.spend_steps(len(types) >> 3)
        if any(one not in known for one in types):
            raise RefusedError(f"`{key}` has an unknown type")
        count = config.read("num_hidden_layers")
        if count is not None and count != len(types):
            raise RefusedError(f"`{key}` has {len(types)} items, not {count}")


def _check_token_ids(config: Config) -> None:
    """Compare token ids with the number of tokens: only for a warning, but it may fail."""
    text = config.library.text_config(config, decoder=True)
    size = get_attribute(text, "vocab_size")
    if size is None or type(text) is not Config:
        return
    for name in per_layer.own_keys(text):
        if name.endswith("_token_id"):  # reading others never fails
            value = text.read(name)
            if isinstance(value, int):
                _ = 0 <= value < size


METHODS: Final[dict[str, Callable[[Config], None]]] = {
    "standardize_rope_params": rope.standardise,
    "validate_architecture": _check_architecture,
    "validate_layer_type": _check_layer_types,
    "validate_output_attentions": _check_output_attentions,
    "validate_rope": _check_rope,
    "validate_token_ids": _check_token_ids,
}
"""The methods that others may call by name; `validate_*` check each new config."""


def start_of(config_class: ConfigClass) -> Start:
    """Return the state of a new config of a class."""
    fields, members = config_class.fields, config_class.members
    in_order = any(name in config_class.names or name in members for name in fields)
    plain: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for name, default in fields.items():
        check = config_class.checks.get(name)
        is_plain = type(default) not in (dict, list) and default is not NO_DEFAULT
        fits = check is None or check.fitting is None or type(default) in check.fitting
        (plain if is_plain and fits and not in_order else others)[name] = default
    methods = config_class.methods
    validators = [methods[name] for name in sorted(methods) if name.startswith("validate_")]
    return Start(plain, others, validators)


def fill(config: Config, values: dict[str, object]) -> None:
    """Fill a config from the keys of a `config.json`."""
    own = config.config_class.programs.get("init")
    made_as = config.config_class
    if own is not None and "made_as" in own.data:
        made_as = config.library.config_class(own.data["made_as"])
    run_around("init", config, values, lambda one, keywords: _set_fields(one, keywords, made_as))


def _set_fields(config: Config, values: dict[str, Any], config_class: ConfigClass) -> None:
    """Set the fields of a class, then do the rest of its constructor."""
    start = config_class.start
    if start is None:
        start = config_class.start = start_of(config_class)
    is_own = config.config_class is config_class
    plain, others = (start.plain, start.others) if is_own else ({}, config_class.fields)
    config.budget.spend_items(len(plain) + len(others))
    config.attributes.update(plain)
    for name, default in others.items():
        value = values[name] if name in values else decode_value(default)
        if type(default) in (dict, list) and name not in values:
            config.budget.spend_reading(default)
        if value is NO_DEFAULT:
            raise RefusedError(f"`{name}` has no default")
        config.set(name, value)
    keywords = {}
    for name, value in values.items():
        if name in plain:
            config.set(name, value)
        elif name not in others:
            keywords[name] = value
    run_around("post", config, keywords, complete)
    if not config_class.is_loose:
        for validate in start.validators:
            validate(config)


def complete(config: Config, keywords: dict[str, object]) -> None:
    """Do what the base does after the class: parts, labels, positions, all other keys."""
    if config.config_class.parts:
        _make_parts(config, keywords)
    _set_dtype(config, keywords)
    _set_labels(config, keywords)
    if config.has("rope_parameters") or (
        keywords.get("rope_scaling") and keywords.get("rope_theta")
    ):
        rope.convert(config, keywords)
    for key in config.library.generation & keywords.keys():
        del keywords[key]
    config.set("_name_or_path", str(keywords.pop("name_or_path", "")))
    keywords.pop("_commit_hash", None)
    config.set("_output_attentions", keywords.pop("output_attentions", False))
    config.set("_attn_implementation", keywords.pop("attn_implementation", None))
    config.set("_experts_implementation", keywords.pop("experts_implementation", None))
    by_layer = keywords.pop("per_layer_config", None)
    for key, value in keywords.items():
        if key not in KERNEL_KEYS:
            config.set(key, value)
    if by_layer is not None:
        config.set("per_layer_config", by_layer)
    _rename_layers(config)
    config.attributes["_post_init_done"] = True


def _set_dtype(config: Config, keywords: dict[str, Any]) -> None:
    older = keywords.pop("torch_dtype", None)
    if older is not None and config.read("dtype") is None:
        config.set("dtype", older)
    kind = config.read("dtype")
    if isinstance(kind, str) and kind not in DTYPES:
        raise DeclinedError(f"`dtype` is {kind}")


def _set_labels(config: Config, keywords: dict[str, Any]) -> None:
    if config.read("id2label") is None:
        count = config.read("num_labels")
        config.set("num_labels", keywords.get("num_labels", 2 if count is None else count))
    else:
        config.set("id2label", numbered(config.read("id2label"), config.budget))
    is_single = config.read("problem_type") == "single_label_classification"
    if is_single and config.read("num_labels") == 1:
        raise RefusedError("`single_label_classification` needs more than one label")


def _rename_layers(config: Config) -> None:
    for key in ("layer_types", "mtp_layer_types"):
        types = config.get(key)
        if types is None:
            continue
        config.budget.spend_steps(len(types) >> 3)
        renamed = [RENAMED_LAYERS.get(one, one) for one in types]
        if renamed != types:
            config.set(key, renamed)


def _make_parts(config: Config, keywords: dict[str, Any]) -> None:
    """Create the inner configs from dicts or defaults."""
    library, budget = config.library, config.budget
    for key, (class_name, model_type, given, may_be_null) in config.config_class.parts.items():
        value = config.read(key)
        if (value is None and may_be_null) or type(value) is Config:
            continue
        if key == BACKBONE:
            defaults = decode_value(given)
            made = library.backbone(budget, keywords, value, None, model_type, defaults, None)
            is_named = keywords.get("backbone") is not None
            for one in (*BACKBONE_KEYS, *(("backbone",) if is_named else ())):
                keywords.pop(one, None)
        else:
            part_class = _part_class(config, class_name, model_type, value)
            if value is not None and not isinstance(value, dict):
                raise RefusedError(f"`{key}` is {type(value).__name__}, not dict")
            own: Any = decode_value(given) if value is None else value
            made = library.make(part_class, own, budget)
        config.set(key, made)


def _part_class(config: Config, class_name: Any, model_type: Any, value: Any) -> ConfigClass:
    library = config.library
    if class_name is not None:
        return library.config_class(class_name)
    if value is not None:
        model_type = value.get("model_type", model_type)
    return library.class_of_type(model_type)
