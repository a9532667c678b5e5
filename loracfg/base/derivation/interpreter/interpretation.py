"""Interprets the constructor of a class."""

from __future__ import annotations

import collections
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from loracfg.base.derivation.interpreter import (  # noqa: F401 - their rules
    container_rules,
    layer_rules,
    library_rules,
    modules,
    norm_rules,
    numbers,
    signatures,
    tying,
    walking,
)
from loracfg.base.derivation.interpreter.attributes import Attributes
from loracfg.base.derivation.interpreter.builtin_functions import Builtins
from loracfg.base.derivation.interpreter.calls import Calls
from loracfg.base.derivation.interpreter.diffusers import is_made_of_keywords, keywords_of
from loracfg.base.derivation.interpreter.displays import Displays
from loracfg.base.derivation.interpreter.expressions import CONFIG, Expression
from loracfg.base.derivation.interpreter.items import Items
from loracfg.base.derivation.interpreter.library_rules import Models
from loracfg.base.derivation.interpreter.loops import Loops
from loracfg.base.derivation.interpreter.methods import Methods
from loracfg.base.derivation.interpreter.operators import Operators
from loracfg.base.derivation.interpreter.path import Check
from loracfg.base.derivation.interpreter.statements import Statements
from loracfg.base.derivation.interpreter.values import (
    Choice,
    Instance,
    LibraryRaises,
    NotFollowed,
    Symbol,
    Value,
)

_TIED: Final = "_tied_weights_keys"
_MOST_FRAMES: Final = 20_000


class Interpreter(
    Displays,
    Statements,
    Loops,
    Operators,
    Attributes,
    Items,
    Calls,
    Models,
    Methods,
    Builtins,
):
    """Interprets Python on unknown values."""

    def __init__(self, package: str) -> None:
        super().__init__(package)
        if sys.getrecursionlimit() < _MOST_FRAMES:
            sys.setrecursionlimit(_MOST_FRAMES)


@dataclass(frozen=True)
class Interpretation:
    """The result of interpreting the constructor of a class.

    Attributes:
        interpreter: The interpreter, with the final state of all objects.
        root: The model.
        inputs: Its input embeddings: an `Instance`, a `ModelPart`, a `Choice` of these, None if it
            has none, or `NotFollowed` if they are unknown.
        outputs: Its output embeddings, likewise.
        checks: What must hold, with the conditions and loops around it.
        overlay: Attributes of configs that the constructor changes.
        reasons: Why regions were left out, with counts.
    """

    interpreter: Interpreter
    root: Instance
    inputs: Value
    outputs: Value
    checks: list[Check]
    overlay: dict[Expression, dict[str, Value]]
    reasons: collections.Counter[str]


def interpret(
    package: str,
    cls: type,
    config: Symbol | None = None,
    keywords: Mapping[str, Value] = MappingProxyType({}),
) -> Interpretation:
    """Run the constructor of a class once, on an unknown config.

    Args:
        package: The name of the package of the class.
        cls: The class.
        config: The config (default: the symbol of the config of a model).
        keywords: Further arguments.

    Raises:
        NotFollowed: There is no rule for what it does.
        LibraryRaises: It rejects every config.
    """
    interpreter = Interpreter(package)
    root: Any
    if is_made_of_keywords(cls):
        root = interpreter.instantiate(cls, [], keywords_of(cls, CONFIG))
    else:
        root = interpreter.instantiate(cls, [config or Symbol(CONFIG)], dict(keywords))
    interpreter.path.cut(0)
    _settle_tied_keys(interpreter)
    made = list(interpreter.checks)
    inputs = _embeddings(interpreter, root, "get_input_embeddings")
    outputs = _embeddings(interpreter, root, "get_output_embeddings")
    if hasattr(cls, "tie_embeddings_and_encoder_decoder"):  # transformers 4
        interpreter.forget_checks(len(made))
        tying.require_equal_shapes(interpreter, inputs, outputs)
    checks = list(interpreter.checks)
    overlay, reasons = interpreter.overlay, interpreter.reasons
    return Interpretation(interpreter, root, inputs, outputs, checks, overlay, reasons)


def _settle_tied_keys(interpreter: Interpreter) -> None:
    """Set the keys of tied weights if branches or a property of the class determine them."""
    for instance in interpreter.instances():
        held = instance.attributes.get(_TIED)
        if isinstance(held, Choice) or isinstance(getattr(instance.cls, _TIED, None), property):
            instance.attributes[_TIED] = interpreter.get_attribute(instance, _TIED)


def _embeddings(interpreter: Interpreter, root: Instance, getter: str) -> Value:
    """Return the embeddings of a model, or `NotFollowed` if they are unknown."""
    try:
        return interpreter.call(interpreter.get_attribute(root, getter), [], {})
    except LibraryRaises:
        return None
    except NotFollowed as error:
        return error


__all__ = ["Interpretation", "Interpreter", "interpret"]
