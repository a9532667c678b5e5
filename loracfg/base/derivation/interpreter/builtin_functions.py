"""Interprets functions of `builtins`, `copy`, `functools`, `math` and `itertools`."""

from __future__ import annotations

import builtins
from typing import Any, Final

from loracfg.base.derivation.interpreter.builtin_iterables import Iterables
from loracfg.base.derivation.interpreter.builtin_objects import Objects
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import (
    expression,
)
from loracfg.base.derivation.interpreter.operators import is_unknown
from loracfg.base.derivation.interpreter.values import (
    UNKNOWN,
    Choice,
    LibraryRaises,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    Value,
)

_COMPUTED: Final = frozenset(
    [
        "len",
        "int",
        "float",
        "bool",
        "str",
        "max",
        "min",
        "sum",
        "abs",
        "round",
        "any",
        "all",
        "sorted",
        "ceil",
        "floor",
        "log2",
        "log",
        "sqrt",
        "isqrt",
        "gcd",
        "prod",
        "pow",
        "divmod",
        "lcm",
        "exp",
        "list",
        "tuple",
        "set",
        "dict",
        "reversed",
        "isclose",
        "log10",
        "frozenset",
        "accumulate",
        "cycle",
        "repeat",
        "chain",
        "cos",
        "sin",
        "ord",
        "chr",
        "range",
        "trunc",
    ]
)
"""Functions that expressions may call."""
_HOMES: Final = ("builtins", "copy", "functools", "_functools", "math", "itertools", None)


class Builtins(Iterables, Objects):
    """Interprets functions of Python."""

    def call_builtin(
        self, function: object, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a function of Python."""
        name = getattr(function, "__name__", str(function))
        home = getattr(function, "__module__", "")
        if home in _HOMES or isinstance(function, type):
            rule = getattr(self, f"_builtin_{name}", None)
            if rule is not None:
                return rule(*arguments, **keywords)
        at = next((n for n, one in enumerate(arguments) if isinstance(one, Choice)), None)
        if at is not None:
            before, after = arguments[:at], arguments[at + 1 :]
            return self.lift(
                arguments[at],
                lambda one: self.call_builtin(function, [*before, one, *after], keywords),
            )
        return self._call_computed(function, name, arguments, keywords)

    def _call_computed(
        self, function: Any, name: str, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        arguments = [
            one.number if isinstance(one, SymbolicTensor) and one.number is not None else one
            for one in arguments
        ]
        if any(is_unknown(one) or isinstance(one, SymbolicTensor) for one in arguments):
            return UNKNOWN
        if is_plain(arguments) and is_plain(keywords):
            try:
                return function(*arguments, **keywords)
            except Exception as error:
                raise LibraryRaises(type(error).__name__, str(error)) from error
        if name not in _COMPUTED:
            raise NotFollowed(f"{name}()")
        if keywords:
            raise NotFollowed(f"{name} with keywords")
        return self.evaluable(expression("call", name, *map(as_expression, arguments)))

    def _builtin_sorted(self, value: Any, **keywords: Any) -> Value:
        """Sort entries; pairs with different names even if their other parts have no order."""
        is_named = type(value) is list and all(
            type(one) is tuple and type(one[0]) is str for one in value
        )
        if is_named and not keywords and len({one[0] for one in value}) == len(value):
            return self.note_made(builtins.sorted(value, key=lambda one: one[0]))
        if isinstance(value, Choice):
            return self.lift(value, lambda one: self._builtin_sorted(one, **keywords))
        return self._call_computed(builtins.sorted, "sorted", [value], keywords)

    def _builtin_int(self, value: Any = 0, *base: Any) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_int)
        if isinstance(value, Symbol):
            return self.evaluable(expression("call", "int", value.expression))
        if isinstance(value, SymbolicTensor) and value.number is not None:
            return self._builtin_int(value.number)
        if is_unknown(value) or isinstance(value, SymbolicTensor):
            raise NotFollowed("int of what is not known")
        try:
            return builtins.int(value, *base)
        except Exception as error:
            raise LibraryRaises(type(error).__name__, str(error)) from error

    def _builtin_bool(self, value: Value = False) -> Value:
        return as_value(self.truth(value))
