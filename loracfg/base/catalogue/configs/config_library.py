"""The config classes of a release, created from facts on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.configs import (
    backbones,
    core,
    frequencies,
    transformers4,
    transformers5,
)
from loracfg.base.catalogue.configs.config_classes import add_fields, new_class
from loracfg.base.catalogue.configs.config_values import checked_copy
from loracfg.base.catalogue.configs.protocol import ABSENT, ABSENT_4
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import Config, ConfigClass
from loracfg.base.catalogue.evaluation.refusals import REFUSALS, DeclinedError, RefusedError
from loracfg.base.catalogue.newer import newer_type_note

if TYPE_CHECKING:
    from loracfg.base.catalogue.evaluation.facts_source import ConfigClassSource

TIMM: Final = "timm_backbone"
SPECIAL: Final = ("attribute_map", "_heterogeneity_spec", "get_text_config", "to_dict")
"""Attributes that a config may not set, since the library uses them for something else."""
METHODS: Final[dict[str, Callable[[Config], object]]] = {
    "to_dict": core.to_dict,
    "to_dict_of_base": core.to_dict_of_base,
    "verify_out_features_out_indices": backbones.verify_stages,
}
"""The methods of configs that facts may name."""


class ConfigLibrary:
    """The config classes of a release.

    Attributes:
        types: config classes by `model_type`.
        generation: keys for generation, which do not describe the model.
        generation_defaults: their defaults, in transformers 4.
        is_older: whether the release is one of transformers 4.
        base_methods: the methods of the base class that others may call by name.
    """

    def __init__(self, source: ConfigClassSource) -> None:
        self.source = source
        self.types: Mapping[str, str] = source.types
        self.generation = frozenset(source.generation)
        self.generation_defaults: Mapping[str, object] = (
            source.generation if isinstance(source.generation, dict) else {}
        )
        self._with_defaults: set[str] = set()
        self.is_older = not source.base_fields
        release = transformers4 if self.is_older else transformers5
        self._fill = release.fill
        self.base_methods: Mapping[str, Callable[[Config], None]] = (
            {} if self.is_older else transformers5.METHODS
        )
        name = "PretrainedConfig" if self.is_older else "PreTrainedConfig"
        base = ConfigClass(name, self, own=release.MEMBERS, methods=self.base_methods)
        base.is_config, base.is_loose = True, self.is_older
        base.reserved = frozenset((*SPECIAL, *self.base_methods))
        base.withheld = ABSENT_4 if self.is_older else ABSENT
        add_fields(base, source.base_fields)
        mixin = ConfigClass(backbones.BACKBONE, self, own=backbones.MEMBERS)
        self._classes = {one.name: one for one in (base, mixin, ConfigClass("object", self))}

    def config(
        self,
        values: Mapping[str, object],
        class_name: str | None = None,
        budget: Budget | None = None,
    ) -> Config:
        """Create the config object of a `config.json`.

        Args:
            values: the value of the file, which is not changed.
            class_name: the config class; by default the one of `model_type`.
            budget: the budget of the request.

        Raises:
            RefusedError: if the library rejects the config.
            DeclinedError: if the facts do not say what the library does.
        """
        budget = budget or Budget()
        try:
            own = checked_copy(values, budget, has_special_floats=not self.is_older)
            if class_name is None:
                config_class = self.class_of_type(own.get("model_type"))
            else:
                config_class = self.config_class(class_name)
            if self.is_older:
                self._check_defaults(config_class)
            return self._read(config_class, own, budget)
        except REFUSALS as error:
            raise RefusedError(f"{type(error).__name__}: {error}") from error
        except RecursionError as error:
            raise DeclinedError("the config is nested too deeply") from error

    def _check_defaults(self, config_class: ConfigClass) -> None:
        """Decline a class if its config with all defaults is unknown.

        Transformers 4 creates it too, to log how a config differs from the defaults (4.57.6,
        `from_dict` in `configuration_utils.py`).
        """
        if config_class.name in self._with_defaults:
            return
        if not config_class.constants.get("has_no_defaults_at_init", False):
            try:
                self.make(config_class, {}, Budget())
            except (RefusedError, DeclinedError, *REFUSALS) as error:
                name = config_class.name
                raise DeclinedError(f"`{name}` has no defaults that are known") from error
        self._with_defaults.add(config_class.name)

    def make(
        self, config_class: ConfigClass, values: Mapping[str, object], budget: Budget
    ) -> Config:
        """Create a config of a class from the keys of a `config.json`.

        Raises:
            RefusedError: if the library rejects them.
            DeclinedError: if it is unknown what the library does.
        """
        if not config_class.is_config:
            raise DeclinedError(f"`{config_class.name}` is not a config class")
        config = Config(config_class, {}, budget)
        self._fill(config, values)
        return config

    def from_dict(
        self, config_class: ConfigClass, values: Mapping[str, object], budget: Budget
    ) -> Config:
        """Create a config of a class from a dict, as the class reads files.

        Raises:
            DeclinedError: if the class has its own way to read a dict.
        """
        if config_class.reads_dicts:
            raise DeclinedError(f"`{config_class.name}` has its own way from a dict")
        return self._read(config_class, values, budget)

    def _read(
        self, config_class: ConfigClass, values: Mapping[str, object], budget: Budget
    ) -> Config:
        config = self.make(config_class, values, budget)
        if self.is_older:
            transformers4.finish(config)
        return config

    def class_of_type(self, model_type: object) -> ConfigClass:
        """Return the config class of a `model_type`.

        Raises:
            RefusedError: if there is none.
        """
        name: Any = model_type
        if name not in self.types:
            later = newer_type_note(model_type, "the catalogue has an earlier release")
            raise RefusedError(later or f"`{model_type}` is not a known model type")
        return self.config_class(self.types[name])

    def config_class(self, name: str) -> ConfigClass:
        """Return a class by its name.

        Raises:
            DeclinedError: if there are no facts about it.
        """
        made = self._classes.get(name)
        if made is None:
            record, rows = self.source.record(name)
            made = self._classes[name] = new_class(self, name, record, rows)
        return made

    def backbone(
        self,
        budget: Budget,
        keywords: Mapping[str, object],
        config: object,
        backbone: object,
        model_type: object,
        defaults: object,
        timm: Mapping[str, object] | None,
    ) -> object:
        """Create the config of a backbone from current and older keys.

        Args:
            budget: the budget of the request.
            keywords: keys without a field.
            config: the value of `backbone_config`.
            backbone: the default name of the backbone.
            model_type: the default type of its config.
            defaults: the values of that config.
            timm: the values of a timm config, if older keys select one.
        """
        if config is not None:
            if not isinstance(config, dict):
                return config
            config_class = self.class_of_type(config.get("model_type"))
            return self.from_dict(config_class, config, budget)
        if keywords.get("backbone") is not None:
            backbone = keywords["backbone"]
        is_timm = keywords.get("use_timm_backbone", True)
        if (
            timm is not None
            and is_timm
            and backbone is not None
            and not keywords.get("backbone_kwargs", {})
        ):
            return self.make(self.class_of_type(TIMM), {"backbone": backbone, **timm}, budget)
        if backbone is not None:
            raise DeclinedError("a backbone by its name")
        if model_type is None:
            return None
        values: Any = defaults
        return self.make(self.class_of_type(model_type), values or {}, budget)

    def text_config(self, config: Config, decoder: object = None, encoder: object = None) -> object:
        """Return the part of a config that describes the text model, or the config itself.

        Raises:
            RefusedError: if several parts are for text.
        """
        return core.text_config(config, decoder, encoder)

    def call(self, config: Config, method: str) -> object:
        """Return the result of one of the methods of configs that facts may name.

        Raises:
            RefusedError: if the library fails.
            DeclinedError: if the result is unknown.
        """
        return METHODS[method](config)

    def frequencies(self, config: Config, kind: object, layer_type: object) -> int:
        """Return the number of frequencies of rotary positions.

        Raises:
            RefusedError: if the library fails to compute them.
            DeclinedError: if that is unknown.
        """
        return frequencies.count(config, kind, layer_type)

    def check_generation(self, config: Config) -> None:
        """Check the settings for generation, like a new model that generates.

        Raises:
            RefusedError: if a setting is wrong, or two contradict each other.
        """
        core.check_generation(config)
