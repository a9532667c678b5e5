"""Rules for the machinery of diffusers: a model's config is the arguments of its constructor."""

from __future__ import annotations

import inspect
from typing import Any

from loracfg.base.derivation.interpreter import modules  # noqa: F401 - its rules
from loracfg.base.derivation.interpreter.expressions import Expression, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import METHODS
from loracfg.base.derivation.interpreter.stand_ins import diffusers, module
from loracfg.base.derivation.interpreter.values import (
    Instance,
    Keywords,
    NotFollowed,
    Symbol,
    Value,
)

_VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def is_made_of_keywords(cls: type) -> bool:
    """Return whether a model class takes the keys of its config as arguments."""
    return issubclass(cls, diffusers.ConfigMixin)


def parameters(cls: type) -> list[inspect.Parameter]:
    """Return the parameters of a constructor that take keys of a config."""
    model_class: Any = cls
    found = list(inspect.signature(model_class.__init__).parameters.values())[1:]
    ignored = model_class.ignore_for_config
    return [one for one in found if one.kind not in _VARIABLE and one.name not in ignored]


def keywords_of(cls: type, config: Expression) -> dict[str, Value]:
    """Return the arguments of a constructor: each is an attribute of the config.

    Raises:
        NotFollowed: It takes other keys than its named parameters.
    """
    model_class: Any = cls
    if len(inspect.signature(model_class.__init__).parameters) != len(parameters(cls)) + 1:
        raise NotFollowed("a constructor that takes any keyword")
    return {one.name: Symbol(expression(".", config, one.name)) for one in parameters(cls)}


def note_arguments(machine: Machine, owner: Instance, values: dict[str, Value]) -> None:
    """Record arguments of a constructor in the config of its model."""
    if any(name.startswith("_") for name in values):
        raise NotFollowed("a hidden key of a config")
    held = owner.special.get("keywords")
    if held is None:
        held = Keywords(machine.note_made({}))
        machine.put(owner.special, "keywords", held)
    for name, value in values.items():
        machine.put(held.values, name, value)


def _register(
    machine: Machine, owner: Instance, arguments: list[Value], keywords: dict[str, Value]
) -> None:
    if arguments:
        raise NotFollowed("register_to_config")
    note_arguments(machine, owner, {k: v for k, v in keywords.items() if k != "kwargs"})


def _nothing(_: Machine, __: Value, ___: list[Value], ____: dict[str, Value]) -> None:
    return None


def refuse_hidden(owner: Instance, name: Value) -> None:
    """Reject registering a parameter or buffer with the name of a config value.

    torch rejects it too, unless one of this name exists already.
    """
    held = owner.special.get("keywords")
    if held is not None and name in held.values:
        raise NotFollowed("a parameter with the name of a value of the config")


def _registering(method: str) -> Any:
    """Return the rule for a method that registers something."""
    register = METHODS[module.Module, method]

    def rule(
        machine: Machine, owner: Instance, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        refuse_hidden(owner, arguments[0] if arguments else keywords.get("name"))
        return register(machine, owner, arguments, keywords)

    return rule


METHODS[diffusers.ConfigMixin, "register_to_config"] = _register
METHODS[diffusers.ModelMixin, "__init__"] = _nothing
for _method in ("add_module", "register_buffer", "register_parameter"):
    METHODS[diffusers.ModelMixin, _method] = _registering(_method)
