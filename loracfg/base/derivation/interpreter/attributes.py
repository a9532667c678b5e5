"""Attributes of modules, classes, configs and values."""

from __future__ import annotations

import ast
import functools
import types
from typing import Any, Final

from loracfg.base.derivation.interpreter.carrying import after_loop
from loracfg.base.derivation.interpreter.conversion import as_expression, is_plain
from loracfg.base.derivation.interpreter.diffusers import refuse_hidden
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    choose,
    expression,
    loop_variable,
    simplified,
)
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.stand_ins import (
    PACKAGE,
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
    Bound,
    Choice,
    Frame,
    Function,
    Instance,
    InstanceAt,
    Keywords,
    LastTurn,
    LibraryRaises,
    ModelPart,
    NamedEntries,
    NamedEntry,
    Native,
    NotFollowed,
    OtherModel,
    Super,
    Symbol,
    SymbolicRange,
    Tensor,
    TorchFunction,
    TurnsDepend,
    Value,
)

_TEXT_METHODS: Final = frozenset(
    [
        "split",
        "rsplit",
        "lower",
        "upper",
        "startswith",
        "endswith",
        "replace",
        "strip",
        "lstrip",
        "rstrip",
        "index",
        "count",
        "is_integer",
        "isdigit",
        "title",
        "capitalize",
        "find",
    ]
)
_DICT_VIEWS: Final = ("items", "keys", "values")
_METHODS: Final = _TEXT_METHODS | frozenset(
    [
        "get_text_config",
        "to_dict",
        "standardize_rope_params",
        "items",
        "keys",
        "values",
        "get",
        "copy",
        "pop",
        "append",
        "extend",
        "setdefault",
        "update",
        "convert_rope_params_to_dict",
        "to_diff_dict",
        "get_config",
        "__len__",
        "__setattr__",
    ]
)
"""Names that are taken for methods of a value that is not known."""

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
_REGISTERED: Final = ("module", "parameter", "buffer", "hidden")


class Attributes(Machine):
    """Interprets attributes."""

    def evaluate_attribute(self, node: ast.Attribute, frame: Frame) -> Value:
        """Return the value of `owner.name`."""
        owner = self.evaluate(node.value, frame)
        return self.lift(owner, lambda one: self.get_attribute(one, node.attr))

    def find(self, cls: type, name: Any, after: type | None = None) -> tuple[Any, type] | None:
        """Return an attribute of a class, and the class that has it.

        Args:
            cls: The class.
            name: The name.
            after: Only look at the classes behind this one in the order of resolution.
        """
        order = cls.__mro__
        if after is not None:
            order = order[order.index(after) + 1 :]
        for one in order:
            if name in one.__dict__:
                return one.__dict__[name], one
        return None

    def get_attribute(self, owner: Value, name: Any) -> Value:
        """Return an attribute."""
        if isinstance(owner, Symbol):
            return self.get_config_attribute(owner, name)
        if isinstance(owner, Instance):
            return self._of_instance(owner, name)
        if isinstance(owner, InstanceAt):
            found = self.get_attribute(owner.instance, name)
            if isinstance(found, (Bound, Native)):
                raise NotFollowed("a method of a module of a turn")
            return at_turn(found, owner.index, owner.at)
        if isinstance(owner, Super):
            return self.get_super_attribute(owner, name)
        if isinstance(owner, functions.Torch):
            return self._of_torch(owner, name)
        if isinstance(owner, Tensor):
            return tensor_attribute(self, owner, name)
        if owner is UNKNOWN:
            return UNKNOWN
        if isinstance(owner, Unknown):
            return UNKNOWN if name.startswith("__") else self.from_file(getattr(owner, name))
        if isinstance(owner, Keywords):
            return self._of_keywords(owner, name)
        return self._of_value(owner, name)

    def _of_value(self, owner: Value, name: str) -> Value:
        """Return an attribute of something that is known."""
        if isinstance(owner, type):
            return self._of_class(owner, name)
        if isinstance(owner, (list, dict, tuple, set, str)):
            return Native(functools.partial(self.call_method, owner, name), name)
        if isinstance(owner, Bound) and name == "__name__":
            return owner.function.__name__
        if owner is None:
            raise LibraryRaises("AttributeError", name)
        if isinstance(owner, TorchFunction):
            return TorchFunction(f"{owner.name}.{name}")
        if isinstance(owner, (Bound, Function, Native, SymbolicRange)):
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
            return Bound(owner, value.__func__, cls)
        if isinstance(value, models._ConfigClass):
            return value.__get__(None, owner)
        return getattr(owner, name) if name in ("__name__", "__dict__") else value

    def _of_torch(self, owner: Any, name: str) -> Value:
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
        if isinstance(owner, OtherModel):
            return self.get_model_attribute(owner, name)
        if isinstance(owner, ModelPart):
            return self.get_part_attribute(owner, name)
        if isinstance(owner, ActivationModule) and name not in owner.attributes:
            raise NotFollowed(f"{name} of an activation")
        if "keywords" in owner.special and owner.registered.get(name, MISSING) is not MISSING:
            self._check_hidden(owner, name)
        if name in owner.attributes:
            value = owner.attributes[name]
            if isinstance(value, LastTurn):
                value = after_loop(value)
            if isinstance(value, Choice) and any(
                leaf is MISSING or leaf is POISON for _, leaf in self.leaves(value)
            ):
                return self._of_some_branches(owner, name, value)
            return value
        if isinstance(name, Symbol) or any(isinstance(k, NamedEntries) for k in owner.registered):
            held = self._named_entry(owner, name)
            if held is not MISSING:
                return held
        return self._of_instance_class(owner, name)

    def _of_some_branches(self, owner: Instance, name: Any, value: Value) -> Value:
        """Return an attribute that some branches set; elsewhere it is the class's."""
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
        """Return what is registered under a name that is computed, `MISSING` if nothing."""
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
        return self.bind(owner, *found)

    def _check_hidden(self, owner: Instance, name: str) -> None:
        """Refuse to read a module that a value of the config with its name may hide."""
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
            if name in ("__init__", "__init_subclass__"):
                return Native(lambda *_, **__: None, name)
            raise LibraryRaises("AttributeError", name)
        return self.bind(value, *found)

    def bind(self, owner: Value, value: Any, cls: type) -> Value:
        """Return an attribute of a class as that of an object of it."""
        if isinstance(value, (types.FunctionType, Function)):
            return Bound(owner, value, cls)
        if isinstance(value, staticmethod):
            return value.__func__
        if isinstance(value, classmethod):
            return Bound(owner.cls if isinstance(owner, Instance) else owner, value.__func__, cls)
        if isinstance(value, property):
            return self.call(Bound(owner, value.fget, cls), [], {})
        if isinstance(value, functools.cached_property):
            return self.call(Bound(owner, value.func, cls), [], {})
        if isinstance(value, models._ConfigClass):
            return value.__get__(None, owner.cls)
        return self.from_file(value)

    # Configs

    def get_config_attribute(self, owner: Symbol, name: Any) -> Value:
        """Return an attribute of a config, or of another value that is not known."""
        changed = self.overlay.get(owner.expression, {})
        if name in changed:
            value = changed[name]
            return self.lift(value, lambda one: one) if isinstance(value, Choice) else value
        if name in _METHODS:
            method = functools.partial(self.call_config_method, owner, name)
            return Native(method, name)
        return self.evaluable(expression(".", owner.expression, as_expression(name)))

    def call_config_method(
        self, owner: Symbol, name: str, *arguments: Value, **keywords: Value
    ) -> Value:
        """Call a method of a config, or of a text, list or dict that is not known."""
        operand = owner.expression
        if name == "update":
            self._update_config(owner, *arguments, **keywords)
            return None
        operands = [as_expression(one) for one in arguments]
        if name == "standardize_rope_params":
            return None
        if name == "to_dict":
            return self._described(owner)
        if name == "__setattr__":
            self.set_attribute(owner, *arguments)
            return None
        if name in _DICT_VIEWS:
            return Symbol(expression("call", name, operand))
        if name == "get_text_config" and not self.overlay.get(operand):
            if arguments or set(keywords) - {"decoder", "encoder"}:
                raise NotFollowed("get_text_config() with other arguments")
            pairs = [part for k in sorted(keywords) for part in (k, as_expression(keywords[k]))]
            return Symbol(expression("text", operand, *pairs))
        if keywords:
            raise NotFollowed(f"{name}() with keywords")
        if name == "get":
            return self.evaluable(expression("get", operand, *operands))
        if name == "copy":
            return Symbol(expression("copy", self.next_copy(), operand))
        if name in _TEXT_METHODS:
            return self.evaluable(expression("str", name, operand, *operands))
        raise NotFollowed(f"{name}() of a symbol")

    def _described(self, owner: Symbol) -> Value:
        """Return the dict of all keys of a config."""
        operand = owner.expression
        if self.overlay.get(operand):
            raise NotFollowed("to_dict() of a changed config")
        while operand[0] == "copy":
            operand = operand[2]  # type: ignore[assignment]
        return Symbol(expression("mcall", operand, "to_dict"))

    def _update_config(self, owner: Symbol, values: Value = None, **keywords: Value) -> None:
        """Set attributes of a config, as its `update` does."""
        if not isinstance(values, dict) or keywords or not is_plain(list(values)):
            raise NotFollowed("update() of a symbol")
        for name, value in values.items():
            self.set_attribute(owner, name, value)

    def append_to_attribute(self, owner: Symbol, value: Value) -> None:
        """Append to a list that is an attribute of a config, and nobody else's."""
        operand = owner.expression
        if operand[0] != "." or not isinstance(operand[2], str):
            raise NotFollowed("append() of a symbol")
        config = operand[1]
        assert isinstance(config, Expression)
        longer = self.operate("+", owner, [value])
        self.set_config_attribute(Symbol(config), operand[2], longer)

    def set_config_attribute(self, owner: Symbol, name: str, value: Value) -> None:
        """Set an attribute of a config, for what is read later on."""
        changed = self.overlay.get(owner.expression)
        if changed is None:
            changed = self.overlay[owner.expression] = {}
        if name not in changed and value is not MISSING:
            changed[name] = Symbol(expression(".", owner.expression, name))
        self.put(changed, name, value)

    # Setting

    def set_attribute(self, owner: Value, name: Any, value: Value) -> None:
        """Set an attribute; modules, parameters and buffers are registered."""
        if isinstance(name, Choice):
            self.lift(name, lambda one: self.set_attribute(owner, one, value))
            return
        if isinstance(owner, Symbol):
            if not isinstance(name, str):
                raise NotFollowed("a computed attribute of a config")
            self.set_config_attribute(owner, name, value)
            return
        if isinstance(owner, Tensor):
            if name == "data" and isinstance(value, Tensor):
                owner.shape = value.shape
            return
        if owner is UNKNOWN or isinstance(owner, Unknown):
            return
        if isinstance(owner, InstanceAt):
            self._set_at_turn(owner, name, value)
            return
        is_own = isinstance(owner, type) and owner.__module__.startswith(PACKAGE)
        if is_own and name.startswith("_"):
            return
        if not isinstance(owner, Instance):
            raise NotFollowed(f"setting {name} of {type(owner).__name__}")
        self.refuse_other_loop(owner)
        if isinstance(name, Symbol):
            self._set_named(owner, name.expression, value)
            return
        found = self.find(owner.cls, name)
        if found and isinstance(found[0], property) and found[0].fset is not None:
            self.call(Bound(owner, found[0].fset, found[1]), [value], {})
            return
        self._set_on_instance(owner, name, value)

    def _set_at_turn(self, owner: InstanceAt, name: Any, value: Value) -> None:
        """Set an attribute of a module of a loop, in one turn only."""
        instance = owner.instance
        loops = self.path.loops()
        outer = instance.loops[:-1]
        if loops != outer or instance.loops[-1][1] != owner.index or not isinstance(name, str):
            raise NotFollowed("a layer of several loops is changed")
        kinds = {self.kind_of(leaf) for _, leaf in self.leaves(value)} - {None}
        held = instance.registered.get(name)
        if held not in _REGISTERED or kinds - {held}:
            raise NotFollowed("a layer is changed outside its loop")
        condition = simplified("==", loop_variable(owner.index), owner.at)
        before = instance.attributes.get(name)
        if not isinstance(condition, Expression):
            raise NotFollowed("a layer is changed outside its loop")
        self.put(instance.attributes, name, Choice(condition, value, before))

    def refuse_other_loop(self, owner: Instance) -> None:
        """Refuse to change a module of a loop from outside of its loop.

        Raises:
            TurnsDepend: It is of another loop.
        """
        if owner.loops != self.path.loops()[: len(owner.loops)]:
            raise TurnsDepend("a layer is changed outside its loop")

    def _set_named(self, owner: Instance, name: Expression, value: Value) -> None:
        """Set an attribute whose name is computed."""
        kinds = {self.kind_of(leaf) for _, leaf in self.leaves(value)}
        if kinds <= {"hidden", "other", "tensor", None}:
            self.put(owner.attributes, Symbol(name), value)
            return
        if len(kinds - {None}) > 1:
            raise TurnsDepend("a symbolic name")
        self.register_named(owner, name, (kinds - {None}).pop(), value)

    def register_named(
        self, owner: Instance, name: Expression, kind: str | None, value: Value
    ) -> None:
        """Register a module, parameter or buffer under a name that is computed."""
        self.require(expression("name", name))
        last = next(reversed(owner.registered), None)
        if not isinstance(last, NamedEntries):
            last = NamedEntries()
            self.note_made(last.entries)
            self.put(owner.registered, last, "named")
        self.put_list(last.entries, [*last.entries, NamedEntry(name, kind, value)])

    def _set_on_instance(self, owner: Instance, name: str, value: Value) -> None:
        if isinstance(value, Choice) and any(
            isinstance(leaf, ModelPart) for _, leaf in self.leaves(value)
        ):
            self.lift(value, lambda one: self._set_chosen(owner, name, one))
            return
        self._set_value(owner, name, value)

    def _set_chosen(self, owner: Instance, name: str, value: Value) -> None:
        """Set what only some configs choose: a part of another model is not followed then."""
        if isinstance(value, ModelPart):
            raise NotFollowed("a part of another model stands in the tree")
        self._set_value(owner, name, value)

    def _set_value(self, owner: Instance, name: str, value: Value) -> None:
        kinds = {self.kind_of(leaf) for _, leaf in self.leaves(value)} - {None}
        if len(kinds) > 1:
            self.lift(value, lambda one: self.set_attribute(owner, name, one))
            return
        kind = kinds.pop() if kinds else None
        if kind in _REGISTERED and kind != "module":
            refuse_hidden(owner, name)
        if kind in _REGISTERED:
            self._refuse_open_place(owner, name)
            if owner.registered.get(name, MISSING) != kind:
                self.put(owner.registered, name, kind)
        self.put(owner.attributes, name, value)

    def _refuse_open_place(self, owner: Instance, name: str) -> None:
        """Refuse to register a name again that has a place among others for some configs only.

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
        """Return the condition that a value is there and not None."""
        if isinstance(value, Choice):
            return choose(value.condition, self._is_some(value.yes), self._is_some(value.no))
        return value is not MISSING and value is not None

    def kind_of(self, value: Value) -> str | None:
        """Return what a value is for the module that it is set on, None if it is None."""
        if isinstance(value, Instance):
            special = (ActivationModule, OtherModel, ModelPart)
            is_module = isinstance(value, special) or issubclass(value.cls, Module)
            return "module" if is_module else "other"
        if isinstance(value, InstanceAt):
            raise NotFollowed("a layer is taken out of its loop")
        if isinstance(value, Tensor):
            if value.kind == "buffer":
                return "buffer" if value.persistent else "hidden"
            return "parameter" if value.kind == "parameter" else "tensor"
        if isinstance(value, Module):
            raise NotFollowed("a module of another kind")
        return None if value is None else "other"

    def is_set(self, value: Value) -> Operand:
        """Return the condition that an attribute or key is there."""
        if isinstance(value, Choice):
            yes, no = self.is_set(value.yes), self.is_set(value.no)
            return choose(value.condition, yes, no)
        return value is not MISSING
