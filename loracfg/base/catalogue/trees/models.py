"""Builds the models of a layout for the configs of one request."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final, Protocol

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.config import Config, as_config, get_attribute
from loracfg.base.catalogue.evaluation.refusals import REFUSALS, DeclinedError, RefusedError
from loracfg.base.catalogue.trees.builder import build
from loracfg.base.catalogue.trees.family import Family
from loracfg.base.catalogue.trees.ties import Ties
from loracfg.base.catalogue.trees.tree import Subtree, Tree
from loracfg.base.catalogue.variants import variant, without_arguments

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import Activation, ModelRecord, ProgramData


_CLASS: Final = ".__class__"
TIED: Final = "_tied_weights_keys"
_INPUTS: Final = "get_input_embeddings"
_GETTERS: Final = (_INPUTS, "get_output_embeddings")
"""Methods that return embeddings."""
_EMBEDDED_BY_PARAMETER: Final = frozenset({"perceiver"})
"""Types whose input embedding is a parameter (`modeling_perceiver.py` in transformers 5.23)."""
_WITHOUT_EMBEDDING: Final = frozenset({"Blip2QFormerModel", "DINOv3ConvNextBackbone"})
"""Classes that return None as their input embedding; others without one raise (`modeling_blip_2.py`
and `modeling_dinov3_convnext.py` in transformers 5.23; none in 4.57)."""


class ProgramLayout(Protocol):
    """A layout: programs, and the classes that configs select."""

    def program_of(self, class_name: str) -> tuple[str, ProgramData]:
        """Return the model type and program of a class, or raise `KeyError`."""

    def mapped(self, mapping: str, config_class: str) -> list[str]:
        """Return the classes of an auto-mapping for a config class, or raise `KeyError`."""

    def config_class_of(self, class_name: str) -> str | None:
        """Return the config class of a model class."""

    def activation(self, name: str) -> list[Activation]:
        """Return an activation's modules: path, class, parameters, buffers; or raise `KeyError`."""


class ModelBuilder:
    """Builds classes of a layout; classes with the same config object share what they can."""

    def __init__(self, layout: ProgramLayout, budget: Budget) -> None:
        self._layout, self._budget = layout, budget
        self._families: dict[tuple[str, int], Family] = {}
        self._activations: dict[str, Subtree] = {}
        self._others: dict[tuple[str, int], tuple[Family, str]] = {}
        self._kept: list[Any] = []

    def build(self, class_name: str, config: Config) -> Architecture:
        """Return the module tree of a class for a config object.

        Raises:
            RefusedError: if the library rejects the config.
            DeclinedError: if the facts do not say what the library does.
        """
        try:
            return self._build(class_name, config)
        except RecursionError as error:
            raise DeclinedError("the config is nested too deeply") from error
        except REFUSALS as error:
            why = (str(error).splitlines() or [""])[0][:120]
            raise RefusedError(f"{type(error).__name__}{': ' * bool(why)}{why}") from error

    def _build(self, class_name: str, config: Config) -> Architecture:
        family = self.family(class_name, config)
        tree = Tree()
        builder = build(family, class_name, tree, "")
        builder.tie_outputs(class_name, "")
        ties, own = Ties(tree, self._budget), family.classes[class_name]
        places = [builder.reference(one) for one in (own["in"], own["out"])]
        firsts = (ties.aliases.get(path or "", path) for path in places)
        inputs, outputs = (path if path in ties.modules else None for path in firsts)
        exports = own.get("exports", {})
        if "config" in exports:  # the constructor changes it, or takes a different one
            config = as_config(family.evaluation.value(exports["config"]))
        listed = self._tied_keys(family, own)
        model_type = config.get("model_type")
        return Architecture(
            source="catalogue",
            model_type=model_type,
            class_name=class_name,
            modules=ties.modules,
            aliases=ties.aliases,
            input_embeddings=inputs,
            output_embeddings=outputs,
            tied=ties.tied_to(inputs, config, listed),
            tie_word_embeddings=bool(config.attributes.get("tie_word_embeddings")),
            vocab_size=_vocabulary_size(config),
            shared=ties.shared(),
            hides_embeddings=places[0] is None and ties.needs_input_embedding(config, listed),
            raises_for_embeddings=places[0] is None
            and model_type not in _EMBEDDED_BY_PARAMETER
            and class_name not in _WITHOUT_EMBEDDING,
        )

    def family(self, class_name: str, config: Config) -> Family:
        """Return the type of a class with a config, which must not change any more."""
        try:
            model_type, program = self._layout.program_of(class_name)
        except KeyError:
            raise DeclinedError(f"the catalogue has no facts about `{class_name}`") from None
        key = (model_type, id(config))
        found = self._families.get(key)
        if found is None:
            models = weakref.proxy(self)  # all of it is freed together with the request
            found = self._families[key] = Family(program, config, self._budget, models)
        return found

    def other(self, mapping: str, config: object) -> tuple[Family, str]:
        """Return family and class of the model that a mapping selects for a config.

        Raises:
            RefusedError: if there is none.
        """
        key = (mapping, id(config))
        found = self._others.get(key)
        if found is None:
            class_name, given = self._pick(mapping, config)
            family = self.family(class_name, given)
            found = self._others[key] = (family, class_name)
            self._kept.append(config)  # keeps its id unique
        return found

    def add(self, mapping: str, config: object, tree: Tree, path: str) -> None:
        """Add the model that a mapping selects for a config to a tree."""
        family, class_name = self.other(mapping, config)
        build(family, class_name, tree, path).tie_outputs(class_name, path)

    def _pick(self, mapping: str, config: Any) -> tuple[str, Any]:
        mapping, arguments = without_arguments(mapping)
        config_class = as_config(config).config_class
        try:
            names = self._layout.mapped(mapping, config_class.name)
        except KeyError:
            raise RefusedError(f"{mapping} has no class for {config_class.name}") from None
        class_name = names[0]
        if len(names) > 1:
            wanted = config.get("architectures") or []
            class_name = next((one for one in wanted if one in names), class_name)
        text, *_ = config_class.parts.get("text_config", (None,))
        if text is not None and self._layout.config_class_of(class_name) == text:
            config = config.library.text_config(config)
        return variant(class_name, arguments), config

    def reference(self, mapping: str, config: object, getter: str) -> str | None:
        """Return the path of the module that a getter of an inner model returns, if any."""
        family, class_name = self.other(mapping, config)
        if getter in _GETTERS:
            builder = build(family, class_name, Tree(), "")
            own = family.classes[class_name]
            return builder.reference(own["in"] if getter == _INPUTS else own["out"])
        if not self.has(mapping, config, getter):
            raise DeclinedError(f"`{getter}` of `{class_name}` is unknown")
        return getter

    def attribute(self, mapping: str, config: object, name: str) -> object:
        """Return an attribute of the model that a mapping selects for a config."""
        family, class_name = self.other(mapping, config)
        own = family.classes.get(class_name)
        if name == TIED and own and family.is_older:
            return self._tied_keys(family, own)
        exports = own.get("exports", {}) if own else {}
        if name.endswith(_CLASS):
            return self._class_of(mapping, config, name.removesuffix(_CLASS))
        if name in _GETTERS:  # only its existence is known
            return None if self.reference(mapping, config, name) is None else name
        if name not in exports:
            raise DeclinedError(f"`{name}` of `{class_name}` is unknown")
        return family.evaluation.value(exports[name])

    def _class_of(self, mapping: str, config: Any, path: str) -> str:
        """Return the class of a module of an inner model."""
        family, class_name = self.other(mapping, config)
        tree = Tree()
        build(family, class_name, tree, "")
        found = [one.class_name for one in tree.modules if one.path == path]
        if len(found) != 1:
            raise DeclinedError(f"`{path}` of `{class_name}` is unknown")
        return found[0]

    def _tied_keys(self, family: Family, own: ModelRecord) -> Any:
        """Return the names of tied weights that a class of transformers 4 lists, if it does."""
        operand = own.get("exports", {}).get(TIED)
        return own.get("tied") if operand is None else family.evaluation.value(operand)

    def has(self, mapping: str, config: object, name: str) -> bool:
        """Tell whether the model that a mapping selects for a config has a module of this name."""
        family, class_name = self.other(mapping, config)
        tree = Tree()
        build(family, class_name, tree, "")
        return any(one.path == name for one in tree.modules)

    def activation(self, name: object) -> Subtree:
        """Return the modules of an activation.

        Raises:
            RefusedError: if there is no such activation.
        """
        found = self._activations.get(name) if isinstance(name, str) else None
        if found is None:
            known: Any = name
            try:
                rows = self._layout.activation(known)
            except (KeyError, TypeError):
                raise RefusedError(f"there is no activation `{str(name)[:40]}`") from None
            found = self._activations[known] = Subtree("~")
            found.modules = [
                Module(f"~{path}", Kind.OTHER, class_name, _shapes(parameters), _shapes(buffers))
                for path, class_name, parameters, buffers in rows
            ]
        return found


def _vocabulary_size(config: Config) -> int | None:
    """Return `vocab_size` of a config, or of its text config if it has none itself."""
    own = config.get("vocab_size")
    if isinstance(own, int) or config.config_class.library is None:
        return own if isinstance(own, int) else None
    try:
        text = config.library.text_config(config, decoder=True)
    except (AttributeError, ValueError, RefusedError):  # no text config, or several
        return None
    size = get_attribute(text, "vocab_size")
    return size if isinstance(size, int) else None


def _shapes(named: dict[str, list[int]]) -> dict[str, Shape]:
    return {name: tuple(shape) for name, shape in named.items()}
