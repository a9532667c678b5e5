"""Interprets attributes and methods of configs and other unknown values."""

from __future__ import annotations

import functools
from typing import Final

from loracfg.base.derivation.interpreter.callables import (
    Native,
)
from loracfg.base.derivation.interpreter.conversion import as_expression, as_value, is_plain
from loracfg.base.derivation.interpreter.expressions import Expression, Operand, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    Choice,
    NotFollowed,
    Symbol,
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
"""Names that are assumed to be methods of an unknown value."""


class ConfigAttributes(Machine):
    """Interprets attributes of configs."""

    def get_config_attribute(self, owner: Symbol, name: Value) -> Value:
        """Return an attribute of a config or another unknown value."""
        operand = owner.expression
        if operand[0] == "if" and any(map(self._has_changed, operand[2:])):
            return self.branch(
                operand[1],
                lambda: self.get_attribute(as_value(operand[2]), name),
                lambda: self.get_attribute(as_value(operand[3]), name),
            )
        changed = self.overlay.get(owner.expression, {})
        if name in changed:
            value = changed[name]
            return self.lift(value, lambda one: one) if isinstance(value, Choice) else value
        if name in _METHODS:
            method = functools.partial(self.call_config_method, owner, name)
            return Native(method, name)
        return self.evaluable(expression(".", owner.expression, as_expression(name)))

    def _has_changed(self, operand: Operand) -> bool:
        """Return whether attributes of a config were set."""
        if isinstance(operand, Expression) and operand[0] == "if":
            return any(map(self._has_changed, operand[2:]))
        return bool(isinstance(operand, Expression) and self.overlay.get(operand))

    def call_config_method(
        self, owner: Symbol, name: str, *arguments: Value, **keywords: Value
    ) -> Value:
        """Call a method of a config, or of an unknown text, list or dict."""
        operand = owner.expression
        if name == "standardize_rope_params":
            return None
        if name == "update":
            self._update_config(owner, *arguments, **keywords)
            return None
        if name == "__setattr__":
            return self.set_attribute(owner, *arguments)
        if name == "to_dict":
            return self._described(owner)
        if name == "get_text_config" and not self.overlay.get(operand):
            if arguments or set(keywords) - {"decoder", "encoder"}:
                raise NotFollowed("get_text_config() with other arguments")
            pairs = [part for k in sorted(keywords) for part in (k, as_expression(keywords[k]))]
            return Symbol(expression("text", operand, *pairs))
        if keywords:
            raise NotFollowed(f"{name}() with keywords")
        return self._call_operation(operand, name, [as_expression(one) for one in arguments])

    def _call_operation(self, operand: Expression, name: str, operands: list[Operand]) -> Value:
        """Call a method that is an operation on values."""
        if name in _DICT_VIEWS:
            return Symbol(expression("call", name, operand))
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
        """Set attributes of a config, like its `update`."""
        if not isinstance(values, dict) or keywords or not is_plain(list(values)):
            raise NotFollowed("update() of a symbol")
        for name, value in values.items():
            self.set_attribute(owner, name, value)

    def append_to_attribute(self, owner: Symbol, value: Value) -> None:
        """Append to a list that only an attribute of a config refers to."""
        operand = owner.expression
        if operand[0] != "." or not isinstance(operand[2], str):
            raise NotFollowed("append() of a symbol")
        config = operand[1]
        assert isinstance(config, Expression)
        longer = self.operate("+", owner, [value])
        self.set_config_attribute(Symbol(config), operand[2], longer)

    def set_config_attribute(self, owner: Symbol, name: str, value: Value) -> None:
        """Set an attribute of a config, for later reads."""
        changed = self.overlay.get(owner.expression)
        if changed is None:
            changed = self.overlay[owner.expression] = {}
        if name not in changed and value is not MISSING:
            changed[name] = Symbol(expression(".", owner.expression, name))
        self.put(changed, name, value)
