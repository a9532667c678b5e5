"""Interprets in-place changes: items of unknown dicts."""

from __future__ import annotations

import ast
from typing import Any, Final

from loracfg.base.derivation.configs.attributes import DICT_OF_BASE, AttributeRules, is_root
from loracfg.base.derivation.configs.keywords import GONE, OpenKeywords
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    has_symbolic_length,
    is_expressible,
)
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    expression,
)
from loracfg.base.derivation.interpreter.values import (
    Choice,
    Frame,
    NotFollowed,
    Symbol,
    Value,
)

_MADE_HERE: Final = frozenset(
    (
        "merge",
        "putdef",
        "updated",
        "put",
        "without",
        "dict",
        "list",
        "copy",
        "arg",
        "kwpick",
        "kwrest",
        "acc",
        "scan",
    )
)
"""Operations that return a new dict, with no other reference to it."""
_CHANGING: Final = ("pop", "setdefault", "update")


class ChangeRules(AttributeRules):
    """Interprets changes of dicts: a changed copy replaces the dict."""

    def assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Set a variable, an attribute or an item."""
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            own = frame.variables.get(target.value.id)
            if self._is_own_variable(own):
                item = as_expression(self.evaluate(target.slice, frame))
                changed = expression("put", as_expression(own), item, self.operand(value))
                self.put(frame.variables, target.value.id, Symbol(changed))
                return
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute):
            place = target.value
            owner = self.evaluate(place.value, frame)
            if isinstance(owner, Symbol):
                key = self.evaluate(target.slice, frame)
                if place.attr == "__dict__":
                    self._set_directly(owner, key, value)
                    return
                held = self.evaluate(place, frame)
                if self._is_replaced(held, key):
                    before = self.operand(held, self._as_it_was(owner, place.attr))
                    made = expression("put", before, as_expression(key), self.operand(value))
                    self.set_attribute(owner, place.attr, Symbol(made))
                    return
        if isinstance(target, ast.Attribute) and isinstance(value, OpenKeywords):
            value = self.rest()
        super().assign(target, value, frame)

    def _is_own_variable(self, value: Value) -> bool:
        """Return whether a variable has the only reference to an unknown dict or list."""
        if isinstance(value, Symbol):
            return self._is_own(value.expression)
        if not has_symbolic_length(value) or not is_expressible(value):
            return False
        held = [one for changed in self.overlay.values() for one in changed.values()]
        return type(value) is list and not any(one is value for one in held)

    def _is_replaced(self, held: Value, key: Value) -> bool:
        """Return whether setting an item replaces the dict or list with a changed copy."""
        if isinstance(held, (Symbol, Choice)) or has_symbolic_length(held):
            return True
        return isinstance(held, dict) and isinstance(key, Symbol) and is_expressible(held)

    def _set_directly(self, owner: Symbol, key: Value, value: Value) -> None:
        """Set an attribute without calling a property of the class."""
        if not isinstance(key, str) or self.branch_depth or not is_root(owner.expression):
            raise NotFollowed("__dict__")
        changed = self.overlay.setdefault(owner.expression, {})
        self.put(changed, f"__dict__.{key}", value)

    def _as_it_was(self, owner: Symbol, name: str) -> Operand:
        return expression(".", owner.expression, name)

    def set_item(self, owner: Value, key: Value, value: Value) -> None:
        """Set an item."""
        if has_symbolic_length(owner):
            raise NotFollowed("an item of a list of turns")
        super().set_item(owner, key, value)

    def changed_in_place(self, call: ast.Call, frame: Frame) -> tuple[bool, Value]:
        """Interpret `pop`, `setdefault` or `update` of an unknown dict.

        Returns:
            Whether the call is one of these, and its result.
        """
        if not isinstance(call.func, ast.Attribute) or call.keywords:
            return False, None
        method, place = call.func.attr, call.func.value
        if isinstance(place, ast.Attribute) and place.attr != "__dict__":
            owner = self.evaluate(place.value, frame)
            if isinstance(owner, Symbol):
                return self._of_attribute(call, method, owner, place, frame)
        if method == "update" and isinstance(place, ast.Subscript):
            return self._update_item(call, place, frame)
        if isinstance(place, ast.Name):
            return self._of_variable(call, method, place, frame)
        return False, None

    def _of_variable(
        self, call: ast.Call, method: str, place: ast.Name, frame: Frame
    ) -> tuple[bool, Value]:
        held = frame.variables.get(place.id)
        if not isinstance(held, Symbol):
            return False, None
        operand = held.expression
        if method == "difference_update" and operand[:2] == ("call", "set"):
            other = as_expression(self.evaluate(call.args[0], frame))
            made = self.evaluable(expression("mcall", operand, "difference", other))
            self.put(frame.variables, place.id, made)
            return True, None
        is_attribute = operand[0] == "." and isinstance(operand[2], str) and is_root(operand[1])
        if method == "update" and is_attribute:
            made = self._changed(call, method, operand, frame)
            self.set_attribute(Symbol(operand[1]), operand[2], made)  # type: ignore[arg-type]
            self.put(frame.variables, place.id, made)
            return True, None
        if method not in _CHANGING or not self._is_own(operand):
            return False, None
        if method != "pop":
            self.put(frame.variables, place.id, self._changed(call, method, operand, frame))
            return True, None
        key, *default = (self.operand(self.evaluate(one, frame)) for one in call.args)
        self.put(frame.variables, place.id, Symbol(expression("without", operand, key)))
        operation = "get" if default else "[]"
        return True, self.evaluable(expression(operation, operand, key, *default))

    def _is_own(self, operand: Operand) -> bool:
        """Return whether a dict has no other reference: it is new, or the value of a key."""
        if not isinstance(operand, Expression):
            return True
        if operand[0] == "if":
            return all(map(self._is_own, operand[2:]))
        if operand[0] == "kw":
            key = str(operand[1])
            self.note_change(key)
            return self.keywords.values.get(key) is GONE
        is_dict = operand[0] == "mcall" and operand[2] in ("to_dict", DICT_OF_BASE)
        return is_dict or operand[:2] == ("call", "dict") or operand[0] in _MADE_HERE

    def note_change(self, key: str) -> None:
        """Record an in-place change of a key's value."""

    def _of_attribute(
        self, call: ast.Call, method: str, owner: Symbol, place: ast.Attribute, frame: Frame
    ) -> tuple[bool, Value]:
        if method == "pop" and len(call.args) == 2:
            held = self.evaluate(place, frame)
            if isinstance(held, Symbol):
                key, default = (self.operand(self.evaluate(one, frame)) for one in call.args)
                made = expression("without", held.expression, key)
                self.set_attribute(owner, place.attr, Symbol(made))
                return True, self.evaluable(expression("get", held.expression, key, default))
        if method in ("setdefault", "update"):
            held = self.evaluate(place, frame)
            if isinstance(held, (Symbol, Choice)):
                before = self.operand(held, self._as_it_was(owner, place.attr))
                changed = self._changed(call, method, before, frame)
                self.set_attribute(owner, place.attr, changed)
                return True, None
        return False, None

    def _update_item(
        self, call: ast.Call, place: ast.Subscript, frame: Frame
    ) -> tuple[bool, Value]:
        """Interpret `config.attribute[key].update(more)`."""
        at = place.value
        owner = self.evaluate(at.value, frame) if isinstance(at, ast.Attribute) else None
        if not isinstance(owner, Symbol) or not isinstance(at, ast.Attribute):
            return False, None
        held = self.evaluate(at, frame)
        if not isinstance(held, (Symbol, Choice)):
            return False, None
        before = self.operand(held, self._as_it_was(owner, at.attr))
        key = as_expression(self.evaluate(place.slice, frame))
        item = self._changed(call, "update", expression("[]", before, key), frame)
        made = expression("put", before, key, as_expression(item))
        self.set_attribute(owner, at.attr, Symbol(made))
        return True, None

    def _changed(self, call: ast.Call, method: str, before: Operand, frame: Frame) -> Value:
        operands = [self.operand(self.evaluate(one, frame)) for one in call.args]
        operation = "putdef" if method == "setdefault" else "updated"
        return self.evaluable(expression(operation, before, *operands))

    def evaluate_dict(self, node: ast.Dict, frame: Frame) -> Value:
        """Return a dict, even `{**a, key: b}` of something unknown."""
        if any(key is None for key in node.keys):
            parts: list[tuple[Any, Value]] = [
                (None if key is None else self.evaluate(key, frame), self.evaluate(value, frame))
                for key, value in zip(node.keys, node.values, strict=True)
            ]
            if any(key is None and isinstance(one, (Symbol, Choice)) for key, one in parts):
                return self._merged_dicts(parts)
        return super().evaluate_dict(node, frame)

    def _merged_dicts(self, parts: list[tuple[Any, Value]]) -> Value:
        operands: list[Operand] = []
        for key, value in parts:
            if isinstance(key, Symbol) or not (isinstance(value, Choice) or is_expressible(value)):
                raise NotFollowed("a dict of this and that")
            one = self.operand(value)
            operands.append(one if key is None else expression("dict", as_expression(key), one))
        return self.evaluable(expression("merge", *operands))
