"""Binds arguments of calls to parameters."""

from __future__ import annotations

import ast
import itertools
from typing import Any, Final

from loracfg.base.derivation.interpreter.callables import (
    TorchFunction,
)
from loracfg.base.derivation.interpreter.expressions import Expression, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.values import (
    GuardedEntry,
    LibraryRaises,
    NotFollowed,
    RepeatedEntries,
    Spread,
    Symbol,
    Value,
)

NOTHING: Final = object()
"""The default of a parameter without one."""
_SIZED: Final = ("zeros", "ones", "empty", "rand", "randn")


def unspread(function: Value, arguments: list[Value]) -> list[Value]:
    """Return arguments, even of a torch function that takes sizes one by one or as a sequence.

    Raises:
        NotFollowed: It is a different function, or there are more arguments.
    """
    if not any(isinstance(one, Spread) for one in arguments):
        return arguments
    is_sized = isinstance(function, TorchFunction) and function.name in _SIZED
    if not is_sized or len(arguments) != 1:
        raise NotFollowed("* of a symbol")
    tensor: Any = arguments[0]
    return [Symbol(tensor.sizes)]


def spread_out(
    machine: Machine,
    node: ast.arguments,
    arguments: list[Value],
    keywords: dict[str, Value],
    defaults: list[Value],
) -> list[Value]:
    """Return arguments, with those in a final `*arguments` one by one.

    Raises:
        NotFollowed: More arguments follow, or there may be any number of them.
    """
    *known, spread = arguments
    if not isinstance(spread, Spread) or node.vararg:
        raise NotFollowed("* of a symbol")
    names = [one.arg for one in (*node.posonlyargs, *node.args)]
    taken = list(itertools.takewhile(lambda name: name not in keywords, names[len(known) :]))
    required = max(0, len(names) - len(defaults) - len(known))
    if required >= len(taken):
        return [*known, *machine.unpack(Symbol(spread.sizes), len(taken))]
    length = expression("call", "len", spread.sizes)
    machine.require(expression("<=", required, length))
    machine.require(expression("<=", length, len(taken)))
    usual = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    found = known
    for place, name in enumerate(taken):
        item = expression("[]", spread.sizes, place)
        found = [*found, _item_or(machine, length, item, usual.get(name))]
    return found


def _item_or(machine: Machine, length: Expression, item: Expression, default: Value) -> Value:
    """Return an argument, or the default of its parameter if there are fewer arguments."""
    return machine.branch(
        expression("<", item[2], length), lambda: machine.evaluable(item), lambda: default
    )


def _bind_keywords(
    variables: dict[str, Value], keywords: dict[str, Value], names: list[str]
) -> dict[str, Value]:
    """Set parameters from keywords; return the remaining keywords."""
    extra: dict[str, Value] = {}
    for name, value in keywords.items():
        if name not in names:
            extra[name] = value
        elif name in variables:
            raise LibraryRaises("TypeError", f"{name} is given twice")
        else:
            variables[name] = value
    return extra


def _require_places(arguments: list[Value]) -> None:
    """Decline arguments if it is unknown which parameters they are for."""
    if any(isinstance(one, (GuardedEntry, RepeatedEntries)) for one in arguments):
        raise NotFollowed("* of a list of unknown length")


def bind_arguments(
    node: ast.arguments,
    arguments: list[Value],
    keywords: dict[str, Value],
    defaults: list[Value],
    keyword_defaults: list[Value],
) -> dict[str, Value]:
    """Return the variables of a call.

    Raises:
        LibraryRaises: The arguments do not fit.
        NotFollowed: It is unknown how many arguments there are.
    """
    named = [one.arg for one in node.args]
    names = [*(one.arg for one in node.posonlyargs), *named]
    only = [one.arg for one in node.kwonlyargs]
    _require_places(arguments[: len(names)])
    variables = dict(zip(names, arguments, strict=False))
    rest = tuple(arguments[len(names) :])
    if node.vararg:
        variables[node.vararg.arg] = rest
    elif rest:
        raise LibraryRaises("TypeError", "too many arguments")
    extra = _bind_keywords(variables, keywords, [*named, *only])
    if node.kwarg:
        variables[node.kwarg.arg] = extra
    elif extra:
        raise LibraryRaises("TypeError", f"no argument {next(iter(extra))}")
    for name, value in zip(names[len(names) - len(defaults) :], defaults, strict=True):
        variables.setdefault(name, value)
    for name, value in zip(only, keyword_defaults, strict=True):
        if value is not NOTHING:
            variables.setdefault(name, value)
    for name in (*names, *only):
        if name not in variables:
            raise LibraryRaises("TypeError", f"{name} is missing")
    return variables
