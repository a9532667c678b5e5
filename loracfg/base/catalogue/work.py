"""The config objects and trees that the catalogue builds for one request, within one budget."""

from __future__ import annotations

import marshal
from dataclasses import replace
from typing import TYPE_CHECKING

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import Config
from loracfg.base.catalogue.index import DIFFUSERS
from loracfg.base.catalogue.trees.models import ModelBuilder
from loracfg.base.class_builder import CannotBuildError, refuse_huge
from loracfg.base.cleaning import cleaned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loracfg.base.architecture import Architecture
    from loracfg.base.catalogue.index import Layout
    from loracfg.cache import Cache


class Work:
    """The work of the catalogue for one request, shared by all classes that are tried.

    Attributes:
        budget: the remaining budget.
        trees: the trees built so far, by layout, class and id of a config that `content` has read.
        tree_cache: a cache of trees of other requests, by layout, class and content of the config.
    """

    def __init__(
        self, budget: Budget | None = None, tree_cache: Cache[Architecture] | None = None
    ) -> None:
        self.budget = budget or Budget()
        self.tree_cache = tree_cache
        self.trees: dict[tuple[str, str, int], Architecture] = {}
        self._models: dict[str, ModelBuilder] = {}
        self._configs: dict[tuple[str, int], tuple[Mapping[str, object], _Configs]] = {}
        self._contents: dict[int, tuple[Mapping[str, object], bytes | str]] = {}

    def content(self, config: Mapping[str, object]) -> bytes:
        """Return the content of a config, which is read once for all classes.

        Args:
            config: the value of a `config.json`, which must not change while the request runs.

        Raises:
            CannotBuildError: if the model would be too large.
        """
        if id(config) not in self._contents:
            self._contents[id(config)] = config, _content(config)
        content = self._contents[id(config)][1]
        if isinstance(content, str):
            raise CannotBuildError(content)
        return content

    def build(self, layout: Layout, config: Mapping[str, object], class_name: str) -> Architecture:
        """Return the module tree of a class.

        Args:
            layout: the layout that has the class.
            config: the value of a `config.json`, which must not change while the request runs.
            class_name: the class.

        Raises:
            CannotBuildError: if the model would be too large.
            RefusedError: if the library rejects the config.
            DeclinedError: if the facts do not say what the library does.
        """
        self.content(config)
        self.budget.spend_steps(0)  # an earlier class may have used it up
        if layout.name not in self._models:
            self._models[layout.name] = ModelBuilder(layout, self.budget)
        if layout.library.startswith(f"{DIFFUSERS} "):
            return self._build_diffusers(layout, config, class_name)
        settings = self._configs_of(layout, config).for_class(class_name)
        return self._models[layout.name].build(class_name, settings)

    def is_for(self, layout: Layout, config: Mapping[str, object], class_name: str) -> bool:
        """Return whether a class accepts the config or a part of it, rather than another model's.

        Raises:
            CannotBuildError: if the model would be too large.
            RefusedError: if the library rejects the config.
            DeclinedError: if the facts do not say what the library does.
        """
        self.content(config)
        return self._configs_of(layout, config).own_for(class_name) is not None

    def _configs_of(self, layout: Layout, config: Mapping[str, object]) -> _Configs:
        key = (layout.name, id(config))
        if key not in self._configs:
            self._configs[key] = config, _Configs(layout, config, self.budget)
        return self._configs[key][1]

    def _build_diffusers(
        self, layout: Layout, config: Mapping[str, object], class_name: str
    ) -> Architecture:
        """Return the module tree of a diffusers class, which may be built as a different class."""
        from loracfg.base.catalogue.configs.config_values import checked_copy
        from loracfg.base.catalogue.configs.diffusers import arguments, class_for
        from loracfg.base.catalogue.evaluation.refusals import DeclinedError

        values = checked_copy(config, self.budget, has_special_floats=False)
        made = class_for(layout.keywords(class_name), class_name, values)
        if layout.home_of(made) is None:
            raise DeclinedError(f"it is built as `{made}`")
        settings = arguments(layout.keywords(made), values, self.budget)
        tree = self._models[layout.name].build(made, settings)
        return replace(
            tree,
            model_type=None,
            is_transformers=False,
            tie_word_embeddings=False,
            raises_for_embeddings=False,  # PEFT only asks models that have such a method
        )


def _content(config: Mapping[str, object]) -> bytes | str:
    """Return a config as bytes, or the reason why its model would be too large."""
    try:
        refuse_huge(config)
    except CannotBuildError as error:
        return error.message
    return marshal.dumps(dict(config), 2)


class _Configs:
    """The config objects of a `config.json`: the whole config, its parts and other types."""

    def __init__(self, layout: Layout, config: Mapping[str, object], budget: Budget) -> None:
        self._layout, self._budget = layout, budget
        self._values = cleaned(config)
        self._library = layout.library_configs
        self._own: Config | None = None
        self._others: dict[str, Config] = {}

    def for_class(self, class_name: str) -> Config:
        """Return the config object that transformers passes to a class."""
        own = self.own_for(class_name)
        return self._of_other_type(self._wanted(class_name)) if own is None else own

    def own_for(self, class_name: str) -> Config | None:
        """Return the config object, or the part of it, that a class accepts, if there is one."""
        wanted = self._wanted(class_name)
        model_type = self._values.get("model_type")
        if isinstance(model_type, str) and self._layout.config_of(model_type):
            settings = self._own_settings()
            parts = [settings.get(name) for name in settings.config_class.parts]
            for candidate in (settings, *parts):
                if isinstance(candidate, Config) and candidate.config_class.is_a(wanted):
                    return candidate
        return None

    def _wanted(self, class_name: str) -> str:
        wanted = self._layout.config_class_of(class_name)
        assert wanted is not None
        return wanted

    def _own_settings(self) -> Config:
        if self._own is None:
            self._own = _prepared(self._library.config(self._values, None, self._budget))
        return self._own

    def _of_other_type(self, config_class: str) -> Config:
        """Return the config of a different type's class, with the values that the class knows."""
        if config_class not in self._others:
            values = {k: v for k, v in self._values.items() if k != "model_type"}
            made = self._library.config(values, config_class, self._budget)
            self._others[config_class] = _prepared(made)
        return self._others[config_class]


def _prepared(settings: Config) -> Config:
    """Change settings that do not affect a tree, such as those that make transformers fetch files.

    Raises:
        RefusedError: if a part of the config is null, on which the library also fails.
    """
    from loracfg.base.catalogue.evaluation.refusals import REFUSALS, RefusedError

    try:
        if settings.has("use_pretrained_backbone"):
            settings.set("use_pretrained_backbone", False)
        settings.set("_attn_implementation", "eager")
    except REFUSALS as error:
        raise RefusedError(f"{error}") from error
    return settings
