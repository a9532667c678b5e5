"""Interprets keys without fields in a config class: `**kwargs` of its constructor."""

from __future__ import annotations

import ast
import math
import operator
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.derivation.interpreter.conversion import is_plain
from loracfg.base.derivation.interpreter.expressions import Operand, choose, expression, negate
from loracfg.base.derivation.interpreter.interpretation import Interpreter
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    POISON,
    Choice,
    Frame,
    LibraryRaises,
    Native,
    NotFollowed,
    Symbol,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Gone:
    def __repr__(self) -> str:
        return "GONE"


GONE: Final = _Gone()
"""The value of a removed key."""


class OpenKeywords:
    """Keys that may be given; each has its given value, unless `values` has another."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}


class KeywordRules(Interpreter):
    """Interprets how a constructor uses its keys.

    Attributes:
        keywords: The keys.
    """

    def __init__(self, package: str) -> None:
        super().__init__(package)
        self.keywords = OpenKeywords()

    def state_of(self, key: str) -> tuple[Operand, Value]:
        """Return the condition under which a key exists, and its value."""
        return self._state(key, self.keywords.values.get(key, MISSING))

    def _state(self, key: str, value: Value) -> tuple[Operand, Value]:
        if value is MISSING:
            return expression("kwhas", key), Symbol(expression("kw", key))
        if value is GONE:
            return False, None
        if not isinstance(value, Choice):
            return True, value
        (has_yes, yes), (has_no, no) = self._state(key, value.yes), self._state(key, value.no)
        has = choose(value.condition, has_yes, has_no)
        if has_no is False:
            return has, yes
        if has_yes is False:
            return has, no
        return has, self.merge(value.condition, yes, no)

    def take(self, key: str, *default: Value) -> Value:
        """Remove a key and return its value, like `pop`."""
        return self._call_keywords("pop", key, *default)

    def rest(self) -> Symbol:
        """Return all remaining keys as a dict."""
        if not all(_is_gone(key, value) for key, value in self.keywords.values.items()):
            raise NotFollowed("changed kwargs as a value")
        return Symbol(expression("kwrest", *self.keywords.values))

    def take_these(self, names: Iterable[str]) -> Symbol:
        """Remove the keys that exist and return them as a dict."""
        if not is_plain(names) or any(key in self.keywords.values for key in names):
            raise NotFollowed("keys of kwargs")
        for key in names:
            self.put(self.keywords.values, key, GONE)
        return Symbol(expression("kwpick", *dict.fromkeys(names)))

    def _call_keywords(self, name: str, *arguments: Value, **keywords: Value) -> Value:
        key = arguments[0] if arguments else None
        default = arguments[1] if len(arguments) > 1 else None
        if name not in ("get", "pop", "setdefault") or not isinstance(key, str) or keywords:
            raise NotFollowed(f"kwargs.{name}")
        has, now = self.state_of(key)
        if name == "pop":
            self.put(self.keywords.values, key, GONE)
            if len(arguments) < 2:
                self.require(has)
                return now
        made = self.branch(has, lambda: now, lambda: default)
        if name == "setdefault":
            self.put(self.keywords.values, key, made)
        return made

    # Operations of the interpreter, on these keys

    def get_attribute(self, owner: Value, name: Value) -> Value:
        """Return an attribute."""
        if isinstance(owner, OpenKeywords):
            own: Any = name
            return Native(
                lambda *given, **keywords: self._call_keywords(own, *given, **keywords), own
            )
        return super().get_attribute(owner, name)

    def get_item(self, owner: Value, key: Value) -> Value:
        """Return an item."""
        if isinstance(owner, OpenKeywords):
            if not isinstance(key, str):
                raise NotFollowed("kwargs by a symbol")
            has, now = self.state_of(key)
            self.require(has)
            return now
        return super().get_item(owner, key)

    def set_item(self, owner: Value, key: Value, value: Value) -> None:
        """Set an item."""
        if isinstance(owner, OpenKeywords):
            if not isinstance(key, str):
                raise NotFollowed("kwargs by a symbol")
            self.put(self.keywords.values, key, value)
            return
        super().set_item(owner, key, value)

    def call_builtin(
        self, function: object, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a function of Python."""
        if function is len and isinstance(arguments[0], OpenKeywords):
            return Symbol(expression("call", "len", self.rest().expression))
        if function is math.isfinite and isinstance(arguments[0], Symbol):
            return self.evaluable(expression("call", "isfinite", arguments[0].expression))
        if function is operator.mul:
            return self.operate("*", *arguments)
        return super().call_builtin(function, arguments, keywords)

    def compare(self, sign: str, left: Value, right: Value) -> Value:
        """Return the result of a comparison."""
        if isinstance(right, OpenKeywords) and sign in ("in", "notin"):
            if not isinstance(left, str):
                raise NotFollowed("kwargs by a symbol")
            has = self.state_of(left)[0]
            found = has if sign == "in" else negate(has)
            return found if isinstance(found, bool) else Symbol(found)  # type: ignore[arg-type]
        return super().compare(sign, left, right)

    def evaluate_dict_comp(self, node: ast.DictComp, frame: Frame) -> Value:
        """Return the dict of a comprehension; taking certain keys is a single operation."""
        if len(node.generators) == 1:
            made = self._picked(node, frame)
            if made is not None:
                return made
        return super().evaluate_dict_comp(node, frame)

    def _picked(self, node: ast.DictComp, frame: Frame) -> Symbol | None:
        """Return the result of `{key: kwargs.pop(key) for key in KEYS if key in kwargs}`."""
        (loop,) = node.generators
        key = ast.unparse(loop.target)
        value, *conditions = (ast.unparse(one) for one in (node.value, *loop.ifs))
        if ast.unparse(node.key) != key or value not in (f"kwargs.pop({key})", f"kwargs[{key}]"):
            return None
        is_taken = value.startswith("kwargs.pop")
        if conditions == [f"{key} in kwargs"]:
            names = self.evaluate(loop.iter, frame)
            if not isinstance(names, (list, tuple, dict)) or self.branch_depth > 1:
                raise NotFollowed("keys of kwargs")
            if is_taken:
                return self.take_these(names)
            if not is_plain(names) or any(one in self.keywords.values for one in names):
                raise NotFollowed("keys of kwargs")
            return Symbol(expression("kwpick", *dict.fromkeys(names)))
        is_over_keys = ast.unparse(loop.iter) == "list(kwargs)" and is_taken
        if is_over_keys and len(conditions) == 1 and conditions[0].startswith(f"{key} in "):
            test = loop.ifs[0]
            assert isinstance(test, ast.Compare)
            wanted: Any = self.evaluate(test.comparators[0], frame)
            if not is_plain(wanted):
                raise NotFollowed("keys of kwargs")
            return self.take_these(sorted(wanted))  # always in the same order
        return None

    def require_new(self, names: Iterable[str]) -> None:
        """Require that the keys passed to the base are not also among the others."""
        for name in names:
            has = self.state_of(name)[0]
            if has is True:
                raise LibraryRaises("TypeError", name)
            self.require(negate(has))
        if any(value is POISON for value in self.keywords.values.values()):
            raise NotFollowed("a keyword that is not known")


def _is_gone(key: str, value: Value) -> bool:
    """Return whether a key is gone: removed, or removed if it was given."""
    if not isinstance(value, Choice):
        return value is GONE
    is_there = value.condition is expression("kwhas", key)
    return is_there and value.yes is GONE and value.no is MISSING
