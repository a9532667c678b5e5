"""Interprets attributes of the new config and its parts."""

from __future__ import annotations

import functools
import types
from typing import Any, Final

from loracfg.base.derivation.configs.keywords import KeywordRules
from loracfg.base.derivation.configs.reflection import BACKBONE, SHARED, class_variables
from loracfg.base.derivation.interpreter.conversion import as_expression, is_plain
from loracfg.base.derivation.interpreter.expressions import (
    CONFIG,
    Expression,
    Operand,
    choose,
    disjunction,
    expression,
)
from loracfg.base.derivation.interpreter.stand_ins import models
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    BoundMethod,
    Choice,
    LibraryRaises,
    Native,
    NotFollowed,
    Segments,
    Super,
    Symbol,
    Turns,
    Value,
)

_STALE: Final[dict[str, tuple[str, ...] | None]] = {
    "num_labels": ("id2label",),
    "id2label": ("num_labels",),
    "label2id": ("num_labels",),
    "rope_scaling": ("rope_parameters",),
    "rope_parameters": ("rope_scaling",),
    "per_layer_config": None,
    "is_heterogeneous": None,
    "per_layer_attributes": None,
}
"""Attributes that depend on others: on which, or None for any."""


_ACTING: Final = ("update", "standardize_rope_params", "__setattr__", "append", "extend")
"""Methods that change their object; `changes.py` has the supported ones."""
_GIVING_SETS: Final = ("difference", "union", "intersection")
ACTIONS: Final = frozenset(
    (
        *("standardize_rope_params", "validate_rope", "validate_layer_type"),
        *("validate_architecture", "validate_token_ids", "convert_rope_params_to_dict"),
    )
)
"""Methods of the base that act on a config or check it; they are not interpreted."""
DICT_OF_BASE: Final = "to_dict_of_base"
"""The base class's `to_dict` in our configs, even if a class overrides it."""


class ClassParts:
    """The parts of a class: the keys, and the class of each."""

    __slots__ = ("specifications",)

    def __init__(self, specifications: Any) -> None:
        self.specifications = specifications


def later() -> Expression:
    """Return the config as the base leaves it."""
    return expression("c2")


def is_root(operand: Operand) -> bool:
    """Return whether an operand is the config itself."""
    return operand is CONFIG or operand is later()


def _is_set(operand: Expression) -> bool:
    is_made = operand[0] == "set" or operand[:2] in (("call", "set"), ("call", "frozenset"))
    return is_made or (operand[0] == "mcall" and operand[2] in _GIVING_SETS)


class AttributeRules(KeywordRules):
    """Interprets attributes of the config that a class creates.

    Attributes:
        cls: The config class.
        base: The class that all config classes derive from.
    """

    def __init__(self, package: str, cls: type, base: type) -> None:
        super().__init__(package)
        self.cls, self.base = cls, base

    # Reading

    def get_config_attribute(self, owner: Symbol, name: Value) -> Value:
        """Return an attribute of the config, of a part, or of another value."""
        if not is_root(owner.expression):
            return super().get_config_attribute(owner, name)
        changed = self.overlay.get(owner.expression, {})
        if name in ("sub_configs_defaults", "sub_configs"):
            own: Any = self.cls
            return ClassParts(getattr(own, "sub_configs_defaults", None) or own.sub_configs)
        if name == "set_output_features_output_indices":
            return Native(functools.partial(self._set_stages, owner), name)
        if name == "__dict__":
            raise NotFollowed(name)
        self._refuse_stale(name, changed)
        if name in changed:
            return super().get_config_attribute(owner, name)
        found = self.find(self.cls, name)
        if found is None:
            return self.cls if name == "__class__" else super().get_config_attribute(owner, name)
        return self._of_class_of(owner, name, *found)

    def _refuse_stale(self, name: Value, changed: dict[str, Value]) -> None:
        if name not in _STALE:
            return
        others = _STALE[name]
        is_stale = bool(changed) if others is None else any(one in changed for one in others)
        if is_stale and (others is None or name not in changed):
            raise NotFollowed(f"{name} after what it depends on")

    def _of_class_of(self, owner: Symbol, name: Any, value: Any, cls: type) -> Value:
        """Return an attribute of the config's class."""
        if isinstance(value, property):
            return self._of_property(owner, name, value, cls)
        if isinstance(value, types.FunctionType):
            if cls.__name__ in SHARED and name in ACTIONS:
                return Native(functools.partial(self.act, name), name)
            if name == "to_dict" and cls.__name__ in SHARED:
                return Native(functools.partial(self.as_dict, owner), name)
            return BoundMethod(owner, value, cls)
        if isinstance(value, staticmethod):
            return value.__func__
        if isinstance(value, classmethod):
            return BoundMethod(self.cls, value.__func__, cls)
        is_field = name in getattr(self.cls, "__dataclass_fields__", {})
        is_value = isinstance(value, (dict, set, str, int, float, tuple)) and is_plain(value)
        if is_value and not is_field:
            return value
        return super().get_config_attribute(owner, name)

    def _of_property(self, owner: Symbol, name: str, value: property, cls: type) -> Value:
        if isinstance(value, models.Alias):
            return self.get_config_attribute(owner, self._target_of(name))
        if cls.__name__ == BACKBONE:
            return self.get_config_attribute(owner, f"_{name}")
        getter: Any = value.fget
        if cls.__name__ in SHARED or not getter.__module__.startswith(self.package):
            return super().get_config_attribute(owner, name)
        return self.call(BoundMethod(owner, getter, cls), [], {})

    def _target_of(self, name: str) -> str:
        """Return the attribute that a name is an alias of."""
        for cls in self.cls.__mro__:
            names = vars(cls).get("attribute_map")
            if isinstance(names, dict) and name in names:
                return str(names[name])
        return name

    def get_attribute(self, owner: Value, name: Value) -> Value:
        """Return an attribute."""
        if name == "__dataclass_fields__" and isinstance(owner, type):
            fields: Any = owner
            return dict.fromkeys((*fields.__dataclass_fields__, *class_variables(owner)), True)
        return super().get_attribute(owner, name)

    def get_super_attribute(self, owner: Super, name: str) -> Value:
        """Return an attribute of `super()`."""
        if not isinstance(owner.self_value, Symbol):
            return super().get_super_attribute(owner, name)
        found = self.find(self.cls, name, owner.owner)
        if found is None:
            raise LibraryRaises("AttributeError", name)
        value, cls = found
        is_shared = cls is self.base or cls.__name__ in SHARED
        if is_shared and name == "to_dict":
            return Native(functools.partial(self.as_dict, owner.self_value, DICT_OF_BASE), name)
        if is_shared or not cls.__module__.startswith(self.package):
            return self.get_base_attribute(name)
        return BoundMethod(owner.self_value, value, cls) if callable(value) else value

    def get_base_attribute(self, name: str) -> Value:
        """Return a method of the base class."""
        raise NotFollowed(f"super().{name}")

    def get_item(self, owner: Value, key: Value) -> Value:
        """Return an item."""
        if isinstance(owner, ClassParts):
            return owner.specifications[key]
        return super().get_item(owner, key)

    def iterate(self, value: Value) -> list[Value] | Turns | Segments:
        """Return the items of a loop over a value."""
        if isinstance(value, ClassParts):
            return super().iterate(list(value.specifications))
        if isinstance(value, Symbol) and _is_set(value.expression):
            value = Symbol(expression("call", "ordered", value.expression))  # any order will do
        return super().iterate(value)

    def as_dict(self, owner: Symbol, method: str = "to_dict") -> Value:
        """Return the attributes of a config as a dict, as one of its methods returns them."""
        if self.overlay.get(owner.expression):
            raise NotFollowed("to_dict() of a changed config")
        return self.evaluable(expression("mcall", owner.expression, method))

    def call_config_method(
        self, owner: Symbol, name: str, *arguments: Value, **keywords: Value
    ) -> Value:
        """Call a method of a part, or of an unknown text, list or dict."""
        if name in _ACTING:
            raise NotFollowed(f"{name}() of a symbol")
        return super().call_config_method(owner, name, *arguments, **keywords)

    def act(self, name: str) -> None:
        """Call a method of the base that acts on the config."""
        raise NotFollowed(name)

    # Setting

    def set_config_attribute(self, owner: Symbol, name: str, value: Value) -> None:
        """Set an attribute of the config or of a part."""
        if is_root(owner.expression):
            if name == "num_labels" and self._is_shared(name):
                self._set_count_of_labels(owner, value)
                return
            name = self._target_of(name)
            found = self.find(self.cls, name)
            if found and isinstance(found[0], property) and not isinstance(found[0], models.Alias):
                setter, cls = found[0].fset, found[1]
                if setter is None:
                    raise LibraryRaises("AttributeError", name)
                if cls is not self.base:
                    self.call(BoundMethod(owner, setter, cls), [value], {})
                    return
        super().set_config_attribute(owner, name, value)

    def _is_shared(self, name: str) -> bool:
        found = self.find(self.cls, name)
        return found is not None and found[1].__name__ in SHARED

    def _set_count_of_labels(self, owner: Symbol, value: Value) -> None:
        """Set the number of labels; a different number renames them."""
        count = self.operand(value)
        names = self.operand(self.get_config_attribute(owner, "id2label"))
        numbers = self.operand(self.get_config_attribute(owner, "label2id"))
        is_none = expression("is", names, None)
        is_other = expression("!=", expression("call", "len", names), count)
        is_new = disjunction(is_none, is_other)
        for key, now, by_name in (("id2label", names, 0), ("label2id", numbers, 1)):
            made = choose(is_new, expression("labels", count, by_name), now)
            super().set_config_attribute(owner, key, Symbol(made))  # type: ignore[arg-type]

    def _set_stages(
        self, owner: Symbol, out_features: Value = None, out_indices: Value = None
    ) -> None:
        """Set the stages of a backbone that return features."""
        names = self.get_attribute(owner, "stage_names")
        made = expression("stages", *map(self.operand, (names, out_features, out_indices)))
        self.evaluable(made)
        for place, key in enumerate(("_out_features", "_out_indices")):
            self.set_attribute(owner, key, Symbol(expression("[]", made, place)))

    def operand(self, value: Value, unset: Operand = None) -> Operand:
        """Return a value as an operand.

        Args:
            value: The value.
            unset: What it is if a branch does not set it.
        """
        if value is MISSING and unset is not None:
            return unset
        if isinstance(value, Choice):
            yes, no = self.operand(value.yes, unset), self.operand(value.no, unset)
            return expression("if", value.condition, yes, no)
        return as_expression(value)
