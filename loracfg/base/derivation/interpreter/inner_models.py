"""Rules for operations on an inner model, whose class a config selects."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator
from typing import Any, Final

from loracfg.base.catalogue.variants import without_arguments
from loracfg.base.derivation.interpreter.callables import BoundMethod
from loracfg.base.derivation.interpreter.conversion import attribute_of_model, model_of
from loracfg.base.derivation.interpreter.expressions import conjunction, expression, negate
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.stand_ins import PACKAGE
from loracfg.base.derivation.interpreter.values import (
    AnyModule,
    InnerModel,
    Instance,
    ModelPart,
    NotFollowed,
    Symbol,
    Value,
)
from loracfg.base.derivation.source.package import load, read_index

IDENTITY: Final = "identity"
"""The note on a model or part with the name of a module that is replaced by an `Identity`."""
_WITHOUT_SIZES: Final = ("output_padding",)
"""Attributes of modules that affect neither the tree nor what adapters see of it."""


def change_model(
    machine: Machine, owner: InnerModel | ModelPart, name: Value, value: Value
) -> None:
    """Set an attribute of an inner model, or of a part of it.

    Raises:
        NotFollowed: It may change a tree in a way that facts cannot express.
    """
    if name == "config" and isinstance(owner, InnerModel) and isinstance(value, Symbol):
        machine.put(owner.special, "config", value)
    elif isinstance(value, ModelPart) and isinstance(name, str):
        _require_same(machine, owner, name, value)
    elif isinstance(value, Instance) and _is_layer(value.cls, "Identity"):
        if not isinstance(name, str) or owner.special.get(IDENTITY, name) != name:
            raise NotFollowed("several modules of a model inside are changed")
        machine.put(owner.special, IDENTITY, name)
        machine.unreliable.add(name)
    elif name != "generation_config":
        raise NotFollowed("a model inside is changed")


def _require_same(
    machine: Machine, owner: InnerModel | ModelPart, name: str, value: ModelPart
) -> None:
    """Require that an attribute of an inner model is already the module that it is set to.

    Raises:
        NotFollowed: The module belongs to a different model.
    """
    target = ModelPart(owner, name, 0, ())
    if model_of(target) is not model_of(value):
        raise NotFollowed("a model inside is changed")
    has_own, has_it = (
        expression("modelhas", *attribute_of_model(one)[1:]) for one in (target, value)
    )
    machine.require(expression("known", conjunction(has_it, negate(has_own))))


def call_method_of_model(
    machine: Machine, method: ModelPart, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    """Call a method that only some classes have; reject configs of the other classes.

    Raises:
        NotFollowed: It is unknown which method it is.
    """
    model = method.owner
    if not isinstance(model, InnerModel):
        raise NotFollowed("a method of another model")
    found = dict(_having(machine.package, model.mapping, method.name))
    functions = {function for function, _ in found.values()}
    if len(functions) != 1:
        raise NotFollowed("a method of another model")
    model_type = expression(".", model.config, "model_type")
    machine.require(expression("in", model_type, expression("tuple", *sorted(found))))
    ((function, cls),) = set(found.values())
    return machine.run_function(
        function, [model, *arguments], keywords, BoundMethod(model, function, cls)
    )


def _having(package: str, mapping: str, name: str) -> Iterator[tuple[str, tuple[Any, type]]]:
    """Yield the model types whose class has a method, with the method and its owner."""
    plain, _ = without_arguments(mapping)
    for model_type, mapped in read_index(package).mappings[plain].items():
        for class_name in [mapped] if isinstance(mapped, str) else mapped:
            try:
                order = load(package, class_name).__mro__
            except KeyError:
                continue  # the transcript does not have the type
            cls = next((one for one in order if name in vars(one)), None)
            if cls is None:
                continue
            if not isinstance(mapped, str) or not isinstance(vars(cls)[name], types.FunctionType):
                raise NotFollowed("a method of another model")
            yield model_type, (vars(cls)[name], cls)


def has_class(part: ModelPart, wanted: tuple[type, ...]) -> Value:
    """Return whether a part of an inner model is an activation of a class.

    Raises:
        NotFollowed: It is a different class, which others may derive from.
    """
    if len(wanted) != 1 or not _is_layer(wanted[0], "Tanh"):
        raise NotFollowed("the class of another model")
    whole = attribute_of_model(part)
    own = expression("model", whole[1], whole[2], f"{whole[3]}.__class__")
    return Symbol(expression("==", own, wanted[0].__name__))


def _is_layer(cls: Any, name: str) -> bool:
    """Return whether a class is torch's class with a name."""
    return isinstance(cls, type) and cls.__name__ == name and cls.__module__.startswith(PACKAGE)


def sets_no_sizes(loop: ast.For, values: list[Value]) -> bool:
    """Return whether a loop over the modules of an inner model has no effect that matters.

    Raises:
        NotFollowed: It may have one.
    """
    if not any(isinstance(one, AnyModule) for one in values):
        return False
    name = loop.target.id if isinstance(loop.target, ast.Name) else ""
    nodes = [node for statement in loop.body for node in ast.walk(statement)]
    calls = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    is_harmless = all(_is_harmless(one, name) for one in loop.body)
    if not is_harmless or loop.orelse or set(calls) - {"isinstance"}:
        raise NotFollowed("the modules of another model")
    return True


def _is_harmless(statement: ast.stmt, module: str) -> bool:
    """Return whether a statement only sets attributes that do not affect sizes, and variables."""
    match statement:
        case ast.If(body=body, orelse=other):
            return all(_is_harmless(one, module) for one in (*body, *other))
        case ast.Assign(targets=[ast.Name()]):
            return True
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)]):
            return owner == module and name in _WITHOUT_SIZES
    return False
