"""The config classes of a release, created from facts on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loracfg.base.catalogue.configs import transformers4, transformers5
from loracfg.base.catalogue.configs.backbones import Backbone
from loracfg.base.catalogue.configs.class_facts import ConfigClassSource, Facts
from loracfg.base.catalogue.configs.classes import new_class
from loracfg.base.catalogue.configs.config_values import checked_copy
from loracfg.base.catalogue.configs.core import Core
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.refusals import REFUSALS, DeclinedError, RefusedError
from loracfg.base.catalogue.newer import newer_type_note

TIMM: str = "timm_backbone"


class ConfigLibrary:
    """The config classes of a release.

    Attributes:
        types: config classes by `model_type`.
        generation: keys for generation, which do not describe the model.
        generation_defaults: their defaults, in transformers 4.
        is_older: whether the release is one of transformers 4.
    """

    def __init__(self, source: ConfigClassSource) -> None:
        self.source = source
        self.types = source.types
        self.generation = frozenset(source.generation)
        self.generation_defaults = source.generation if isinstance(source.generation, dict) else {}
        self._with_defaults: set[type] = set()
        self._classes: dict[str, Any] = {"BackboneConfigMixin": Backbone, "object": object}
        self.is_older = not source.base_fields
        name = "PretrainedConfig" if self.is_older else "PreTrainedConfig"
        self._base: type[Core] = transformers4.Config4 if self.is_older else transformers5.Config
        self._fill: Any = transformers4.fill if self.is_older else transformers5.fill
        facts = Facts(self, is_loose=self.is_older)
        facts.add_fields(source.base_fields)
        self._classes[name] = type(name, (self._base,), {"__slots__": (), "_facts": facts})

    def config(
        self,
        values: Mapping[str, object],
        class_name: str | None = None,
        budget: Budget | None = None,
    ) -> Core:
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

    def _check_defaults(self, config_class: type[Core]) -> None:
        """Decline a class if its config with all defaults is unknown.

        Transformers 4 creates it too, to log how a config differs from the defaults (4.57.6,
        `from_dict` in `configuration_utils.py`).
        """
        if config_class in self._with_defaults:
            return
        if not getattr(config_class, "has_no_defaults_at_init", False):
            try:
                self.make(config_class, {}, Budget())
            except (RefusedError, DeclinedError, *REFUSALS) as error:
                name = config_class.__name__
                raise DeclinedError(f"`{name}` has no defaults that are known") from error
        self._with_defaults.add(config_class)

    def make(
        self, config_class: type[object], values: Mapping[str, object], budget: Budget
    ) -> Core:
        """Create a config of a class from the keys of a `config.json`.

        Raises:
            RefusedError: if the library rejects them.
            DeclinedError: if it is unknown what the library does.
        """
        if not issubclass(config_class, self._base):
            raise DeclinedError(f"`{config_class.__name__}` is not a config class")
        config = object.__new__(config_class)
        object.__setattr__(config, "_budget", budget)
        self._fill(config, values)
        return config

    def from_dict(
        self, config_class: type[object], values: Mapping[str, object], budget: Budget
    ) -> Core:
        """Create a config of a class from a dict, as the class reads files.

        Raises:
            DeclinedError: if the class has its own way to read a dict.
        """
        if issubclass(config_class, Core) and config_class._facts.reads_dicts:
            raise DeclinedError(f"`{config_class.__name__}` has its own way from a dict")
        return self._read(config_class, values, budget)

    def _read(
        self, config_class: type[object], values: Mapping[str, object], budget: Budget
    ) -> Core:
        config = self.make(config_class, values, budget)
        if isinstance(config, transformers4.Config4):
            transformers4.finish(config)
        return config

    def class_of_type(self, model_type: object) -> type[Core]:
        """Return the config class of a `model_type`.

        Raises:
            RefusedError: if there is none.
        """
        name: Any = model_type
        if name not in self.types:
            later = newer_type_note(model_type, "the catalogue has an earlier release")
            raise RefusedError(later or f"`{model_type}` is not a known model type")
        return self.config_class(self.types[name])

    def config_class(self, name: str) -> type[Core]:
        """Return a class by its name.

        Raises:
            DeclinedError: if there are no facts about it.
        """
        made: type[Core] | None = self._classes.get(name)
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
