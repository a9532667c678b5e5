"""Configs of transformers 5."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.catalogue.configs import per_layer, rope
from loracfg.base.catalogue.configs.class_facts import Start
from loracfg.base.catalogue.configs.config_values import NO_DEFAULT, decode_value, numbered
from loracfg.base.catalogue.configs.core import Core, kernels, run_around
from loracfg.base.catalogue.configs.frequencies import count as count_frequencies
from loracfg.base.catalogue.configs.protocol import DTYPES, LAYER_TYPES, RENAMED_LAYERS
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError

BACKBONE: Final = "backbone_config"
BACKBONE_KEYS: Final = ("use_timm_backbone", "backbone_kwargs", "use_pretrained_backbone")
KERNEL_KEYS: Final = ("_attn_implementation_internal", "_experts_implementation_internal")


class Config(Core):
    """A config of transformers 5, which checks typed fields when they are set."""

    __slots__ = ()

    rope_parameters: Any
    default_theta: Any = 10000.0
    default_rope_type: Any = "default"
    ignore_keys_at_rope_validation: Any = frozenset()
    allow_global_per_layer_attribute_access: Any = False
    serialize_explicit_per_layer_config: Any = False

    _attn_implementation = kernels("attn")
    _experts_implementation = kernels("experts")

    # aliases
    torch_dtype = property(lambda self: self.dtype, lambda self, kind: setattr(self, "dtype", kind))
    use_return_dict = property(lambda self: self.return_dict)

    frequencies = count_frequencies

    @property
    def rope_scaling(self) -> object:
        """The parameters of rotary positions, under their older name."""
        return self.rope_parameters

    @rope_scaling.setter
    def rope_scaling(self, parameters: object) -> None:
        self.rope_parameters = parameters
        if parameters is not None and vars(self).get("_post_init_done"):
            rope.standardise(self)

    # differences between layers
    @property
    def is_heterogeneous(self) -> bool:
        """Whether layers differ by `per_layer_config`."""
        return per_layer.SPECIFICATION in vars(self)

    @property
    def per_layer_config(self) -> per_layer.LayerConfigs:
        """The configs of all layers."""
        return per_layer.LayerConfigs(self)

    @per_layer_config.setter
    def per_layer_config(self, given: object) -> None:
        if given is None:
            vars(self).pop(per_layer.SPECIFICATION, None)
            return
        vars(self)[per_layer.SPECIFICATION] = per_layer.specification(self, given)
        own_class: Any = type(self)
        object.__setattr__(self, "__class__", per_layer.class_by_layer(own_class))

    per_layer_attributes = property(
        lambda self: self._heterogeneity_spec.hidden if self.is_heterogeneous else None
    )

    # checks
    def standardize_rope_params(self) -> None:
        """Complete the parameters of rotary positions."""
        rope.standardise(self)

    def validate_rope(self) -> None:
        """Check the parameters of rotary positions."""
        parameters = getattr(self, "rope_parameters", None)
        if parameters:
            width = None if self.is_heterogeneous else getattr(self, "head_dim", None)
            rope.check(self, rope.by_kind(self, parameters), width)

    def validate_output_attentions(self) -> None:
        """Check that kernels can return attentions."""
        if self.output_attentions and self._attn_implementation not in (None, "eager"):
            raise RefusedError("`output_attentions` needs `attn_implementation` `eager`")

    def validate_architecture(self) -> None:
        """Check that all heads together have the width of the model."""
        values: Any = self
        if self.is_heterogeneous:
            configs: Any = self.per_layer_config
            for one in configs:
                one.validate_architecture()
            return
        has_all = all(hasattr(self, name) for name in ("head_dim", "num_heads", "embed_dim"))
        if has_all and values.head_dim * values.num_heads != values.embed_dim:
            raise RefusedError("`head_dim * num_heads` is not `embed_dim`")

    def validate_layer_type(self) -> None:
        """Check the types of layers."""
        for key, known in LAYER_TYPES.items():
            types = getattr(self, key, None)
            if types is None or not hasattr(self, "num_hidden_layers"):
                return
            self._budget.spend_steps(len(types) >> 3)
            if any(one not in known for one in types):
                raise RefusedError(f"`{key}` has an unknown type")
            count = self.num_hidden_layers
            if count is not None and count != len(types):
                raise RefusedError(f"`{key}` has {len(types)} items, not {count}")

    def validate_token_ids(self) -> None:
        """Compare token ids with the number of tokens: only for a warning, but it may fail."""
        text: Any = self.get_text_config(decoder=True)
        size = getattr(text, "vocab_size", None)
        if size is None:
            return
        is_config = isinstance(text, Config)
        for name in text.own_keys() if is_config else text:
            if is_config and not name.endswith("_token_id"):  # reading these never fails
                continue
            value = getattr(text, name)
            if isinstance(value, int) and name.endswith("_token_id"):
                _ = 0 <= value < size

    def own_keys(self) -> list[str]:
        """Return the names of attributes that can be read."""
        how = vars(self).get(per_layer.SPECIFICATION)
        is_open = self.allow_global_per_layer_attribute_access
        hidden = () if is_open or how is None else how.hidden
        return [name for name in vars(self) if name not in hidden]


def fill(config: Config, values: dict[str, object]) -> None:
    """Fill a config from the keys of a `config.json`."""
    own = config._facts.programs.get("init")
    made_as: Any = type(config)
    if own is not None and "made_as" in own.data:
        made_as = config._facts.library.config_class(own.data["made_as"])
    run_around("init", config, values, lambda one, keywords: _set_fields(one, keywords, made_as))


def _set_fields(config: Config, values: dict[str, Any], config_class: type[Config]) -> None:
    """Set the fields of a class, then do the rest of its constructor."""
    facts = config_class._facts
    start = facts.start
    if start is None:
        start = facts.start = Start(config_class, facts)
    is_own = type(config) is config_class
    plain, others = (start.plain, start.others) if is_own else ({}, facts.fields)
    vars(config).update(plain)
    for name, default in others.items():
        value = values[name] if name in values else decode_value(default)
        if value is NO_DEFAULT:
            raise RefusedError(f"`{name}` has no default")
        setattr(config, name, value)
    keywords = {}
    for name, value in values.items():
        if name in plain:
            setattr(config, name, value)
        elif name not in others:
            keywords[name] = value
    run_around("post", config, keywords, complete)
    if not facts.is_loose:
        for validate in start.validators:
            validate(config)


def complete(config: Config, keywords: dict[str, object]) -> None:
    """Do what the base does after the class: parts, labels, positions, all other keys."""
    facts, library = config._facts, config._facts.library
    if facts.parts:
        _make_parts(config, keywords)
    _set_dtype(config, keywords)
    _set_labels(config, keywords)
    if hasattr(config, "rope_parameters") or (
        keywords.get("rope_scaling") and keywords.get("rope_theta")
    ):
        rope.convert(config, keywords)
    for key in library.generation & keywords.keys():
        del keywords[key]
    config._name_or_path = str(keywords.pop("name_or_path", ""))
    keywords.pop("_commit_hash", None)
    config._output_attentions = keywords.pop("output_attentions", False)
    config._attn_implementation = keywords.pop("attn_implementation", None)
    config._experts_implementation = keywords.pop("experts_implementation", None)
    by_layer = keywords.pop("per_layer_config", None)
    for key, value in keywords.items():
        if key not in KERNEL_KEYS:
            setattr(config, key, value)
    if by_layer is not None:
        config.per_layer_config = by_layer
    _rename_layers(config)
    vars(config)["_post_init_done"] = True


def _set_dtype(config: Config, keywords: dict[str, Any]) -> None:
    older = keywords.pop("torch_dtype", None)
    if older is not None and config.dtype is None:
        config.dtype = older
    if isinstance(config.dtype, str) and config.dtype not in DTYPES:
        raise DeclinedError(f"`dtype` is {config.dtype}")


def _set_labels(config: Config, keywords: dict[str, Any]) -> None:
    if config.id2label is None:
        count = 2 if config.num_labels is None else config.num_labels
        config.num_labels = keywords.get("num_labels", count)
    else:
        config.id2label = numbered(config.id2label, config._budget)
    if config.problem_type == "single_label_classification" and config.num_labels == 1:
        raise RefusedError("`single_label_classification` needs more than one label")


def _rename_layers(config: Config) -> None:
    for key in ("layer_types", "mtp_layer_types"):
        types = getattr(config, key, None)
        if types is None:
            continue
        config._budget.spend_steps(len(types) >> 3)
        renamed = [RENAMED_LAYERS.get(one, one) for one in types]
        if renamed != types:
            setattr(config, key, renamed)


def _make_parts(config: Config, keywords: dict[str, Any]) -> None:
    """Create the inner configs from dicts or defaults."""
    library, budget = config._facts.library, config._budget
    for key, (class_name, model_type, given, may_be_null) in config._facts.parts.items():
        value = getattr(config, key)
        if (value is None and may_be_null) or isinstance(value, Core):
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
        setattr(config, key, made)


def _part_class(config: Config, class_name: Any, model_type: Any, value: Any) -> type[object]:
    library = config._facts.library
    if class_name is not None:
        return library.config_class(class_name)
    if value is not None:
        model_type = value.get("model_type", model_type)
    return library.class_of_type(model_type)
