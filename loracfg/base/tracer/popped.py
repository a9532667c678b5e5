"""Which further keys a config class takes from its keyword arguments: names of older releases."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import textwrap
from collections.abc import Iterator
from typing import Any, Final

_MODELS: Final = ("transformers.models.", "transformers.modeling_rope_utils")


@functools.cache
def popped_keys(cls: type) -> dict[str, Any]:
    """Return the keys that a config class asks its keyword arguments for, with the defaults."""
    found: dict[str, Any] = {}
    for base in cls.__mro__:
        if base.__module__.startswith(_MODELS):
            for name, default in _asked_of(base):
                found.setdefault(name, default)
    return found


def _asked_of(cls: type) -> Iterator[tuple[str, Any]]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, TypeError, SyntaxError):
        return
    home = vars(sys.modules[cls.__module__])
    for node in ast.walk(tree):
        if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Compare):
            if _is_keywords(node.test.comparators[0]) and isinstance(node.test.left, ast.Constant):
                yield str(node.test.left.value), _value(node.orelse, cls, home)
        elif isinstance(node, ast.Call) and _is_lookup(node.func) and node.args:
            for name in _names(node.args[0], tree):
                yield name, _value(node.args[1], cls, home) if len(node.args) > 1 else None
        elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
            if _is_keywords(node.comparators[0]) and isinstance(node.left, ast.Constant):
                yield str(node.left.value), None
        elif isinstance(node, ast.Subscript) and _is_keywords(node.value):
            if isinstance(node.slice, ast.Constant):
                yield str(node.slice.value), None


def _is_lookup(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in ("pop", "get", "setdefault")
        and _is_keywords(function.value)
    )


def _is_keywords(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "kwargs"


def _names(key: ast.expr, tree: ast.AST) -> Iterator[str]:
    """Yield the strings that a key may be; an f-string stands for all dictionary keys around."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
    elif isinstance(key, ast.JoinedStr):
        first, *_ = [part.value for part in key.values if isinstance(part, ast.Constant)] or [""]
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                for one in node.keys:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield f"{first}{one.value}"


def _value(node: ast.expr, cls: type, home: dict[str, Any]) -> Any:
    """Return what a default is, None if it is not plain to see."""
    try:
        found = ast.literal_eval(node)
    except ValueError:
        if isinstance(node, ast.Name):
            found = home.get(node.id)
        else:
            found = getattr(cls, node.attr, None) if isinstance(node, ast.Attribute) else None
    return found if isinstance(found, (int, float, str, bool, list)) else None


@functools.cache
def alphabets(cls: type) -> tuple[tuple[Any, ...], ...]:
    """Return the keys of each table of single characters or numbers in a config class's module.

    Such tables translate the patterns that older configs give for their layers.
    """
    try:
        tree = ast.parse(inspect.getsource(sys.modules[cls.__module__]))
    except (OSError, TypeError, SyntaxError):
        return ()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and len(node.keys) > 1:
            keys = [one.value for one in node.keys if isinstance(one, ast.Constant)]
            is_text = all(isinstance(key, str) and len(key) == 1 for key in keys)
            if len(keys) == len(node.keys) and (is_text or all(type(k) is int for k in keys)):
                found.append(tuple(keys))
    return tuple(dict.fromkeys(found))
