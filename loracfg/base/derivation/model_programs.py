"""Derives the programs of the model types in a transcript."""

from __future__ import annotations

import ast
import collections
import contextlib
import inspect
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.catalogue.variants import variant
from loracfg.base.derivation.emission.program import Emission, InterpretedClass
from loracfg.base.derivation.interpreter.conversion import is_expressible, is_plain
from loracfg.base.derivation.interpreter.diffusers import is_made_of_keywords, parameters
from loracfg.base.derivation.interpreter.expressions import CONFIG
from loracfg.base.derivation.interpreter.interpretation import Interpretation, interpret
from loracfg.base.derivation.interpreter.library_rules import VARIANTS, changed_config
from loracfg.base.derivation.interpreter.values import LibraryRaises, NotFollowed, Symbol, Value
from loracfg.base.derivation.source.package import Package
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ProgramData


TIED: Final = "_tied_weights_keys"
"""The attribute of models that lists tied weights in transformers 4."""
NEEDED: Final = "_keep_in_fp32_modules"
"""The attribute of models that lists required parts in transformers 4."""
_MAPPING: Final = "MODEL_MAPPING_NAMES"
"""The mapping of the auto class that models pass more arguments to."""
WANTED: Final = ("channels", "num_features", "out_indices")
"""Attributes of backbones that outer models read."""

_KEPT: Final = frozenset(("vocab_size", "tie_word_embeddings", "model_type"))
"""Config keys that are read after the constructor."""


DEFECT: Final = "defect: "
"""The prefix of reasons that are bugs of this tool."""


class DerivedType(NamedTuple):
    """What was found of a model type.

    Attributes:
        program: its program, with the classes that the interpreter could follow.
        declined: why it could not follow the other classes, by class.
        regions: the reasons for declining configs of a class, each with its count, by class.
        places: where the interpreter gave up in the constructors of a class, by class.
    """

    program: ProgramData
    declined: dict[str, str]
    regions: dict[str, dict[str, int]]
    places: dict[str, str]


def homes(package: Package) -> dict[str, list[str]]:
    """Return the classes of each model type's program; each class is in exactly one.

    It is that of the config's own type, if it has one; several types may share a class.
    """
    index = package.index
    found: dict[str, list[str]] = {model_type: [] for model_type in sorted(index.classes)}
    for model_type in found:
        for name in index.classes[model_type]:
            if model_type == _home(package, name):
                found[model_type].append(name)
    return found


@cache
def _home(package: Package, name: str) -> str:
    """Return the model type whose program has a class."""
    index = package.index
    types = sorted(one for one, names in index.classes.items() if name in names)
    config = index.takes.get(name, "")
    own = getattr(package.load(config), "model_type", "") if config else ""
    same = [one for one in types if index.configs.get(one) == config]
    return own if own in types else (same or types)[0]


def derive(package: Package, names: list[str]) -> DerivedType:
    """Derive the program of a model type's classes."""
    emission = Emission()
    declined: dict[str, str] = {}
    places: dict[str, str] = {}
    regions: dict[str, dict[str, int]] = {}
    for name in names:
        try:
            found = _add(emission, package, name)
        except NotFollowed as error:
            declined[name] = str(error)
            places[name] = " ".join(getattr(error, "__notes__", ()))
        except LibraryRaises as error:
            declined[name] = f"the library refuses every config: {error}"
        except RecursionError:
            declined[name] = "its constructor is nested too deep"
        except Exception as error:  # our bug: only this class declines
            declined[name] = f"{DEFECT}{type(error).__name__}: {error}"
        else:
            if found.reasons:
                regions[name] = _sorted(found.reasons)
            for arguments in _variants(package, name):
                with contextlib.suppress(Exception):  # who asks for it declines
                    _add(emission, package, name, arguments)
    return DerivedType(emission.program(), declined, regions, places)


def _add(emission: Emission, package: Package, name: str, arguments: str = "") -> Interpretation:
    """Interpret a class, or a variant of it, and add it to the program."""
    model_class = package.load(name)
    words = (one.split("=") for one in filter(None, [arguments]))
    keywords = {key: ast.literal_eval(value) for key, value in words}
    found = interpret(package.name, model_class, keywords=keywords)
    emission.add(variant(name, arguments), _found(found, model_class), _fields(model_class))
    return found


def _variants(package: Package, name: str) -> list[str]:
    """Return the arguments of the variants of a class that outer models may create."""
    if not _is_picked(package, name):
        return []
    model_class: Any = package.load(name)
    takes = inspect.signature(model_class.__init__).parameters
    return [one for one in VARIANTS if one.partition("=")[0] in takes]


def _is_picked(package: Package, name: str) -> bool:
    """Return whether an auto class picks a class for some config."""
    mapped = package.index.mappings.get(_MAPPING, {}).values()
    return any(name in ([one] if isinstance(one, str) else one) for one in mapped)


def _found(found: Interpretation, model_class: Any) -> InterpretedClass:
    """Convert an interpretation into the input of emission.

    Raises:
        NotFollowed: a value that is read after the constructor is unknown.
    """
    exports = _exports(found) if model_class.__name__.endswith("Backbone") else {}
    _settle_configs(found)
    config = found.root.attributes.get("config")
    if isinstance(config, Symbol) and config.expression is not CONFIG:
        exports["config"] = config
    listed = None
    if hasattr(model_class, "tie_embeddings_and_encoder_decoder"):  # transformers 4
        usual = getattr(model_class, TIED, None)
        tied: Any = found.root.attributes.get(TIED, usual)
        if is_plain(tied):
            listed = list(tied) if tied else None
        elif is_expressible(tied):
            exports[TIED] = tied
        else:
            raise NotFollowed("the names of tied weights")
        exports |= _needed_parts(model_class)
    return InterpretedClass(found.root, found.inputs, found.outputs, found.checks, listed, exports)


def _settle_configs(found: Interpretation) -> None:
    """Replace the configs of models with ones that have the relevant changes of constructors."""
    for instance in found.interpreter.instances():
        config = instance.attributes.get("config")
        if isinstance(config, Symbol):
            changed = changed_config(found.interpreter, config.expression, _KEPT)
            instance.attributes["config"] = Symbol(changed)


def _needed_parts(model_class: Any) -> dict[str, Value]:
    """Return the parts in which transformers 4 requires a model to have parameters."""
    kept = (getattr(model_class, name, None) for name in (NEEDED, f"{NEEDED}_strict"))
    names = sorted({name for listed in kept for name in listed or ()})
    return {NEEDED: names} if names else {}


def _exports(found: Interpretation) -> dict[str, Value]:
    """Return the attributes of a model that outer models read."""
    exports: dict[str, Value] = {}
    for name in WANTED:
        try:
            value = found.interpreter.get_attribute(found.root, name)
        except (LibraryRaises, NotFollowed):
            continue  # who asks for it declines
        if is_expressible(value):
            exports[name] = value
    return exports


def _fields(model_class: Any) -> frozenset[str]:
    """Return the attribute names that every config of a model class has."""
    if is_made_of_keywords(model_class):
        return frozenset(one.name for one in parameters(model_class))
    config_class: Any = getattr(model_class, "config_class", None)
    return frozenset(getattr(config_class, "__dataclass_fields__", ()))


def _sorted(reasons: Mapping[str, int]) -> dict[str, int]:
    counted = collections.Counter(reasons)
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))
