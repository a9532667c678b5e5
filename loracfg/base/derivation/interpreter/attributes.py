"""Reads attributes of modules, classes, configs and values."""

from __future__ import annotations

import ast
import functools
import types
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.derivation.interpreter.callables import (
    BoundMethod,
    Frame,
    Function,
    Native,
    Super,
    TorchFunction,
)
from loracfg.base.derivation.interpreter.carrying import after_loop
from loracfg.base.derivation.interpreter.config_attributes import ConfigAttributes
from loracfg.base.derivation.interpreter.expressions import Expression, Operand, choose, expression
from loracfg.base.derivation.interpreter.registry import METHODS
from loracfg.base.derivation.interpreter.setting import Setting
from loracfg.base.derivation.interpreter.stand_ins import (
    Module,
    Unknown,
    functions,
    models,
)
from loracfg.base.derivation.interpreter.substitution import at_turn
from loracfg.base.derivation.interpreter.tensors import tensor_attribute
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    POISON,
    UNKNOWN,
    ActivationModule,
    AnyModule,
    Choice,
    InnerModel,
    Instance,
    InstanceAt,
    Keywords,
    LastTurn,
    LibraryRaises,
    ModelPart,
    NamedEntries,
    NamedEntry,
    NotFollowed,
    Symbol,
    SymbolicRange,
    SymbolicTensor,
    TurnsDepend,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


_DTYPES: Final = frozenset(
    [
        "float32",
        "float16",
        "bfloat16",
        "float",
        "long",
        "int64",
        "int32",
        "int16",
        "int8",
        "uint8",
        "bool",
        "int",
        "float64",
        "half",
        "double",
        "complex64",
        "float8_e4m3fn",
        "float8_e5m2",
    ]
)
_NAMESPACES: Final = ("nn", "Tensor", "Size", "jit", "backends")


class Attributes(ConfigAttributes, Setting):
    """Interprets attributes."""

    def evaluate_attribute(self, node: ast.Attribute, frame: Frame) -> Value:
        """Return the value of `owner.name`."""
        owner = self.evaluate(node.value, frame)
        return self.lift(owner, lambda one: self.get_attribute(one, node.attr))

    def find(self, cls: type, name: Value, after: type | None = None) -> tuple[Value, type] | None:
        """Return an attribute of a class, and the class that defines it.

        Args:
            cls: The class.
            name: The name.
            after: Only search the classes after this one in the method resolution order.

        Raises:
            NotFollowed: The name is not known.
        """
        if name is UNKNOWN:
            raise NotFollowed("a name that is not known")
        order = cls.__mro__
        if after is not None:
            order = order[order.index(after) + 1 :]
        for one in order:
            own: Mapping[Any, Value] = one.__dict__
            if name in own:
                return own[name], one
        return None

    def get_attribute(self, owner: Value, name: Value) -> Value:
        """Return an attribute."""
        key: Any = name
        if isinstance(owner, Symbol):
            return self.get_config_attribute(owner, key)
        if isinstance(owner, Instance):
            return self._of_instance(owner, key)
        if isinstance(owner, InstanceAt):
            found = self.get_attribute(owner.instance, key)
            if isinstance(found, (BoundMethod, Native)):
                raise NotFollowed("a method of a module of a turn")
            return at_turn(found, owner.index, owner.at)
        if isinstance(owner, Super):
            return self.get_super_attribute(owner, key)
        if isinstance(owner, SymbolicTensor):
            return tensor_attribute(self, owner, key)
        if isinstance(owner, Keywords):
            return self._of_keywords(owner, key)
        if owner is UNKNOWN or isinstance(owner, (Unknown, functions.Torch)):
            return self._of_library(owner, key)
        return self._of_value(owner, key)

    def _of_library(self, owner: Any, name: Any) -> Value:
        """Return an attribute of torch, of another library or of an unknown value."""
        if isinstance(owner, functions.Torch):
            return self._of_torch(owner, name)
        if owner is UNKNOWN or name.startswith("__"):
            return UNKNOWN
        return self.from_file(getattr(owner, name))

    def _of_value(self, owner: Value, name: str) -> Value:
        """Return an attribute of a known value."""
        if isinstance(owner, type):
            return self._of_class(owner, name)
        if isinstance(owner, (list, dict, tuple, set, str)):
            return Native(functools.partial(self.call_method, owner, name), name)
        if isinstance(owner, BoundMethod) and name == "__name__":
            return owner.function.__name__
        if owner is None:
            raise LibraryRaises("AttributeError", name)
        if isinstance(owner, TorchFunction):
            return TorchFunction(f"{owner.name}.{name}")
        if isinstance(owner, (AnyModule, BoundMethod, Function, Native, SymbolicRange)):
            raise NotFollowed(f"an attribute of {type(owner).__name__}")
        try:
            found = getattr(owner, name)
        except AttributeError as error:
            raise LibraryRaises("AttributeError", name) from error
        return found if isinstance(owner, (int, float)) else self.from_file(found)

    def _of_class(self, owner: type, name: str) -> Value:
        found = self.find(owner, name)
        if found is None:
            if name in ("__name__", "__module__", "__qualname__", "__mro__", "__bases__"):
                return getattr(owner, name)
            raise LibraryRaises("AttributeError", name)
        value, cls = found
        if isinstance(value, staticmethod):
            return value.__func__
        if isinstance(value, classmethod):
            return BoundMethod(owner, value.__func__, cls)
        if isinstance(value, models._ConfigClass):
            return value.__get__(None, owner)
        return getattr(owner, name) if name in ("__name__", "__dict__") else value

    def _of_torch(self, owner: Any, name: Any) -> Value:
        if isinstance(name, Symbol):  # a dtype by its name
            self.require(expression("isinst", name.expression, "str"))
            return UNKNOWN
        found = getattr(owner, name)
        if name in _NAMESPACES:
            return found
        if isinstance(found, Unknown) and name in _DTYPES:
            return UNKNOWN
        return TorchFunction(name)

    def _of_keywords(self, owner: Keywords, name: str) -> Value:
        if name in owner.values:
            return self.lift(self.from_file(owner.values[name]), lambda one: one)
        if name in ("get", "keys", "items", "values"):
            return Native(functools.partial(self.call_method, owner.values, name), name)
        raise LibraryRaises("AttributeError", name)

    def _of_instance(self, owner: Instance, name: Any) -> Value:
        if isinstance(owner, (InnerModel, ModelPart)) and name in self.unreliable:
            raise NotFollowed(f"{name}, which is changed in a model inside")
        if isinstance(owner, InnerModel):
            return self.get_model_attribute(owner, name)
        if isinstance(owner, ModelPart):
            return self.get_part_attribute(owner, name)
        if isinstance(owner, ActivationModule) and name not in owner.attributes:
            return self._of_activation(owner, name)
        if "keywords" in owner.special and owner.registered.get(name, MISSING) is not MISSING:
            self._check_hidden(owner, name)
        if name in self.unreliable:
            raise NotFollowed(f"{name}, which one of many modules has")
        if name in owner.attributes:
            return self._of_held(owner, name, owner.attributes[name])
        if isinstance(name, Symbol) or any(isinstance(k, NamedEntries) for k in owner.registered):
            held = self._named_entry(owner, name)
            if held is not MISSING:
                return held
        return self._of_instance_class(owner, name)

    def _of_activation(self, owner: ActivationModule, name: str) -> Value:
        found: tuple[Any, type] | None = self.find(Module, name)
        if found is None or (Module, found[0].__name__) not in METHODS:
            raise NotFollowed(f"{name} of an activation")
        return self.bind(owner, *found)

    def _of_held(self, owner: Instance, name: Any, value: Value) -> Value:
        """Return an attribute that is set, at least in some branches."""
        if isinstance(value, LastTurn):
            value = after_loop(value)
        if isinstance(value, Choice) and any(
            leaf is MISSING or leaf is POISON for _, leaf in self.leaves(value)
        ):
            return self._of_some_branches(owner, name, value)
        return value

    def _of_some_branches(self, owner: Instance, name: Any, value: Value) -> Value:
        """Return an attribute that some branches set; in the others it is the class's."""
        if isinstance(value, Choice):
            return self.branch(
                value.condition,
                lambda: self._of_some_branches(owner, name, value.yes),
                lambda: self._of_some_branches(owner, name, value.no),
            )
        if value is MISSING:
            return self._of_instance_class(owner, name)
        return self.lift(value, lambda one: one)

    def _named_entry(self, owner: Instance, name: Any) -> Value:
        """Return what is registered under a computed name; `MISSING` if nothing is."""
        if not isinstance(name, Symbol):
            found = self.find(owner.cls, name)
            if found is not None:
                return MISSING
            raise NotFollowed("an attribute among names that are computed")
        for key in owner.registered:
            for entry in key.entries if isinstance(key, NamedEntries) else ():
                if isinstance(entry, NamedEntry) and entry.name is name.expression:
                    return entry.value
        raise TurnsDepend("a symbolic name")

    def _of_instance_class(self, owner: Instance, name: str) -> Value:
        if name == "config" and "keywords" in owner.special:
            return owner.special["keywords"]
        if name == "__class__":
            return owner.cls
        if name == "__dict__":
            return owner.attributes
        if name in ("_modules", "_parameters", "_buffers"):
            raise NotFollowed(name)
        found = self.find(owner.cls, name)
        if found is None:
            if "keywords" in owner.special:
                return self._of_keywords(owner.special["keywords"], name)
            raise LibraryRaises("AttributeError", name)
        if type(found[0]) is list:  # of the class; additions must not affect other instances
            own = self.note_made(list(found[0]))
            self.put(owner.attributes, name, own)
            return own
        return self.bind(owner, *found)

    def _check_hidden(self, owner: Instance, name: str) -> None:
        """Decline reading a module that a config value with the same name may hide."""
        if name in owner.special["keywords"].values:
            raise NotFollowed("a module with the name of a value of the config")

    def get_super_attribute(self, owner: Super, name: str) -> Value:
        """Return an attribute of `super()`."""
        value = owner.self_value
        cls = value.cls if isinstance(value, Instance) else value
        if not isinstance(cls, type):
            raise NotFollowed("super of a symbol")
        found = self.find(cls, name, owner.owner)
        if found is None:
            raise LibraryRaises("AttributeError", name)
        return self.bind(value, *found)

    def bind(self, owner: Value, value: object, cls: type) -> Value:
        """Return an attribute of a class, bound to an instance."""
        if isinstance(value, (types.FunctionType, types.WrapperDescriptorType, Function)):
            return BoundMethod(owner, value, cls)
        if isinstance(value, functools._lru_cache_wrapper):
            return self.bind(owner, value.__wrapped__, cls)
        if isinstance(value, staticmethod):
            return value.__func__
        if isinstance(value, classmethod):
            return BoundMethod(
                owner.cls if isinstance(owner, Instance) else owner, value.__func__, cls
            )
        if isinstance(value, property):
            return self.call(BoundMethod(owner, value.fget, cls), [], {})
        if isinstance(value, functools.cached_property):
            return self.call(BoundMethod(owner, value.func, cls), [], {})
        if isinstance(value, models._ConfigClass):
            held: Any = owner
            return value.__get__(None, held.cls)
        return self.from_file(value)

    def refuse_open_place(self, owner: Instance, name: str) -> None:
        """Decline registering a name again that already has a place only for some configs.

        Raises:
            NotFollowed: It may be there already, and may not.
        """
        held = owner.registered.get(name, MISSING)
        if held is MISSING or next(reversed(owner.registered)) == name:
            return
        for one in (held, owner.attributes.get(name, MISSING)):
            if isinstance(one, Choice):
                condition = self._is_some(one)
                if isinstance(condition, Expression) and self.possible_here(condition)[1]:
                    raise NotFollowed("a module whose place depends on the config")

    def _is_some(self, value: Value) -> Operand:
        """Return the condition under which a value exists and is not None."""
        if isinstance(value, Choice):
            return choose(value.condition, self._is_some(value.yes), self._is_some(value.no))
        return value is not MISSING and value is not None
