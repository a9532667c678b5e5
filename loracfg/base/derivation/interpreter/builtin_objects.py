"""Interprets functions on objects: types, attributes and copies."""

from __future__ import annotations

import builtins
import collections.abc
import numbers
import types
from typing import Any, Final

from loracfg.base.derivation.interpreter.callables import Partial, Super
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    is_expressible,
)
from loracfg.base.derivation.interpreter.copying import Copier
from loracfg.base.derivation.interpreter.expressions import (
    PLAIN_TYPES,
    expression,
)
from loracfg.base.derivation.interpreter.inner_models import has_class
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.operators import is_unknown
from loracfg.base.derivation.interpreter.pairs import with_own_keys
from loracfg.base.derivation.interpreter.stand_ins import (
    layers,
    module,
    tensors,
)
from loracfg.base.derivation.interpreter.values import (
    ActivationModule,
    Choice,
    InnerModel,
    Instance,
    InstanceAt,
    LibraryRaises,
    ModelPart,
    NotFollowed,
    Symbol,
    SymbolicRange,
    SymbolicTensor,
    TurnsDepend,
    Value,
)

TYPE_NAMES: Final[dict[Any, str]] = {
    int: "int",
    float: "float",
    str: "str",
    bool: "bool",
    list: "list",
    tuple: "tuple",
    dict: "dict",
    type(None): "None",
    set: "set",
    collections.abc.Iterable: "Iterable",
    collections.abc.Sequence: "Sequence",
    collections.abc.Mapping: "Mapping",
    numbers.Number: "Number",
    numbers.Integral: "int",
}
"""The names of types in expressions."""


_NO_ACTIVATIONS: Final = (layers.Linear, layers.Embedding, layers.Bilinear)
_WITHOUT_ACTIVATIONS: Final = frozenset(("containers", "convolutions", "norms", "sequences"))
"""Modules of stand-ins without activations."""


class Objects(Machine):
    """Interprets functions on objects."""

    def _builtin_isinstance(self, value: Value, types_: Value) -> Value:
        if isinstance(value, Choice):
            return self.lift_pure(value, lambda one: self._builtin_isinstance(one, types_))
        if isinstance(types_, Choice):
            return self.lift_pure(types_, lambda one: self._builtin_isinstance(value, one))
        wanted = _flattened(types_)
        if any(isinstance(one, (Choice, Symbol)) for one in wanted):
            raise NotFollowed("isinstance of a class that is not known")
        if isinstance(value, (Instance, InstanceAt)):
            return self._is_module_of(value, wanted)
        if isinstance(value, SymbolicTensor):
            is_parameter = value.kind == "parameter" and module.Parameter in wanted
            return is_parameter or tensors.Tensor in wanted
        if is_unknown(value):
            raise NotFollowed("a branch on what is not known")
        if isinstance(value, Symbol):
            names = [_type_name(one) for one in wanted if not is_unknown(one)]
            return as_value(expression("isinst", value.expression, *names))
        if isinstance(value, SymbolicRange):
            return builtins.range in wanted
        known = (o for o in wanted if isinstance(o, type) or hasattr(o, "__instancecheck__"))
        return isinstance(value, tuple(known))

    def _is_module_of(self, value: Instance | InstanceAt, wanted: tuple[Any, ...]) -> Value:
        """Return whether an object is an instance of one of some classes."""
        if isinstance(value, ModelPart):
            return has_class(value, wanted)
        if isinstance(value, InnerModel):
            if module.Module in wanted:
                return True
            raise NotFollowed("the class of another model")
        if isinstance(value, ActivationModule):
            return self._is_activation(wanted)
        cls = value.cls if isinstance(value, Instance) else value.instance.cls
        return any(isinstance(one, type) and issubclass(cls, one) for one in wanted)

    def _is_activation(self, wanted: tuple[Any, ...]) -> bool:
        """Return whether an activation by name is an instance of one of some classes."""
        if module.Module in wanted:
            return True
        wanted = tuple(one for one in wanted if not issubclass(one, _NO_ACTIVATIONS))
        if any(one.__module__.rpartition(".")[2] not in _WITHOUT_ACTIVATIONS for one in wanted):
            raise NotFollowed("the class of an activation")
        return False

    def _builtin_issubclass(self, cls: Any, base: Any) -> Value:
        return issubclass(cls, base)

    def _builtin_hasattr(self, owner: Value, name: Value) -> Value:
        if isinstance(owner, Choice):
            return self.lift_pure(owner, lambda one: self._builtin_hasattr(one, name))
        if isinstance(owner, Symbol):
            changed = self.overlay.get(owner.expression, {})
            if name in changed:
                return as_value(self.is_set(changed[name]))
            return Symbol(expression("has", owner.expression, as_expression(name)))
        if isinstance(owner, (InnerModel, ModelPart)):
            return self.model_has(owner, name)
        if isinstance(name, Symbol):
            raise TurnsDepend("a symbolic name")
        if isinstance(owner, Instance) and isinstance(owner.attributes.get(name), Choice):
            return as_value(self.is_set(owner.attributes[name]))
        try:
            self.get_attribute(owner, name)
        except LibraryRaises:
            return False
        return True

    def _builtin_getattr(self, owner: Value, name: Value, *default: Value) -> Value:
        if isinstance(owner, Choice):
            return self.lift(owner, lambda one: self._builtin_getattr(one, name, *default))
        if isinstance(name, Choice):
            return self.lift(name, lambda one: self._builtin_getattr(owner, one, *default))
        if isinstance(owner, Symbol):
            return self._config_attribute_or(owner, name, default)
        if isinstance(name, Symbol):
            return self.get_attribute(owner, name)
        if default and isinstance(owner, InnerModel) and name != "config":
            return self.branch(
                self.truth(self.model_has(owner, name)),
                lambda: self.get_attribute(owner, name),
                lambda: default[0],
            )
        if default and isinstance(owner, Instance):
            held = owner.attributes.get(name)
            if isinstance(held, Choice):
                return self.branch(
                    self.is_set(held), lambda: self.get_attribute(owner, name), lambda: default[0]
                )
        if not default:
            return self.get_attribute(owner, name)
        try:
            return self.get_attribute(owner, name)
        except LibraryRaises:
            return default[0]

    def _config_attribute_or(self, owner: Symbol, name: Value, default: tuple[Value, ...]) -> Value:
        """Return an attribute of a config, or a default if it does not exist."""
        operand = owner.expression
        changed = self.overlay.get(operand, {})
        if not default:
            return self.get_attribute(owner, name)
        if name in changed:
            return self.branch(
                self.is_set(changed[name]),
                lambda: self.get_attribute(owner, name),
                lambda: default[0],
            )
        has = expression("has", operand, as_expression(name))
        found = expression(".", operand, as_expression(name))
        if is_expressible(default[0]):
            return as_value(expression("if", has, found, as_expression(default[0])))
        return self.branch(has, lambda: Symbol(found), lambda: default[0])

    def _builtin_setattr(self, owner: Value, name: Value, value: Value) -> None:
        self.lift(owner, lambda one: self.set_attribute(one, name, value))

    def _builtin_delattr(self, owner: Any, name: Any) -> None:
        self.delete_attribute(owner, name)

    def _builtin_type(self, value: Value) -> Value:
        if isinstance(value, (InnerModel, ModelPart)):
            raise NotFollowed("the class of another model")
        if isinstance(value, Instance):
            return value.cls
        if isinstance(value, (Symbol, Choice, InstanceAt)) or is_unknown(value):
            raise NotFollowed("type()")
        return type(value)

    def _builtin_super(self, cls: type, owner: Value) -> Value:
        return Super(owner, cls)

    def _builtin_callable(self, value: Value) -> Value:
        if isinstance(value, (Symbol, Choice)) or is_unknown(value):
            raise NotFollowed("callable()")
        return not isinstance(value, PLAIN_TYPES)

    def _builtin_id(self, value: Value) -> Value:
        raise NotFollowed("id()")

    def _builtin_vars(self, value: Value) -> Value:
        raise NotFollowed("vars()")

    def _builtin_print(self, *_: Value, **__: Value) -> None:
        return None

    def _builtin_slice(self, *bounds: Value) -> Value:
        return builtins.slice(*bounds)

    def _builtin_partial(self, function: Value, *arguments: Value, **keywords: Value) -> Value:
        return Partial(function, list(arguments), keywords)

    def _builtin_deepcopy(self, value: Value, *_: Value) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_deepcopy)
        if isinstance(value, Symbol):
            return self.copy_config(value)
        return Copier(self).copy(value)

    def _builtin_copy(self, value: Value) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_copy)
        if isinstance(value, Symbol):
            return self.copy_config(value)
        if isinstance(value, (Instance, InstanceAt)):
            raise NotFollowed("a copy that shares its modules")
        if type(value) is dict:
            return self.note_made(with_own_keys(value))
        return self.note_made(list(value)) if type(value) is list else value

    def copy_config(self, value: Symbol) -> Symbol:
        """Return an independent copy of a config."""
        made = expression("copy", self.next_copy(), value.expression)
        self.overlay[made] = self.note_made(dict(self.overlay.get(value.expression, {})))
        return Symbol(made)


def _flattened(wanted: Any) -> tuple[Any, ...]:
    if isinstance(wanted, types.UnionType):
        return wanted.__args__
    if isinstance(wanted, tuple):
        return tuple(one for part in wanted for one in _flattened(part))
    return (wanted,)


def _type_name(wanted: Any) -> str:
    """Return the name of a type in expressions."""
    if wanted in TYPE_NAMES:
        return TYPE_NAMES[wanted]
    if isinstance(wanted, type):
        return wanted.__name__
    raise NotFollowed("isinstance")
