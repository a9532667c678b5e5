"""Reads facts about a config from a model's source: older keys, names, compared values."""

from __future__ import annotations

import ast
import functools
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_MODELS: Final = ("transformers.models.", "transformers.modeling_rope_utils")
_CONFIG: Final = re.compile(r"config$|^cfg$")


def asked_keys(cls: type) -> dict[str, Any]:
    """Return the keys that a config class reads from its keyword arguments, with defaults."""
    found: dict[str, Any] = {}
    for base in cls.__mro__:
        if base.__module__.startswith(_MODELS):
            for name, default in _asked_of(base):
                found.setdefault(name, default)
    return found


@functools.cache
def _asked_of(cls: type) -> tuple[tuple[str, Any], ...]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, TypeError, SyntaxError):
        return ()
    home = vars(sys.modules[cls.__module__])
    return tuple(_asked_in(tree, cls, home))


def _asked_in(tree: ast.AST, cls: type, home: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for node in ast.walk(tree):
        match node:
            case ast.IfExp(
                test=ast.Compare(left=ast.Constant(value=name), comparators=[keywords]),
                orelse=other,
            ) if _is_keywords(keywords):
                yield str(name), _plain(other, cls, home)
            case ast.Call(
                func=ast.Attribute(value=keywords, attr="pop" | "get" | "setdefault"),
                args=[key, *rest],
            ) if _is_keywords(keywords):
                for name in _names(key, tree):
                    yield name, _plain(rest[0], cls, home) if rest else None
            case ast.Compare(left=ast.Constant(value=name), comparators=[keywords]) if _is_keywords(
                keywords
            ):
                yield str(name), None
            case ast.Subscript(value=keywords, slice=ast.Constant(value=name)) if _is_keywords(
                keywords
            ):
                yield str(name), None


def _is_keywords(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "kwargs"


def _names(key: ast.expr, tree: ast.AST) -> Iterator[str]:
    """Yield the possible strings of a key; an f-string may be any key of a dictionary around it."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield key.value
    elif isinstance(key, ast.JoinedStr):
        texts = [str(part.value) for part in key.values if isinstance(part, ast.Constant)]
        first = texts[0] if texts else ""
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                yield from (first + name for name in _keys(node) if isinstance(name, str))


def _keys(node: ast.Dict) -> list[Any]:
    return [one.value for one in node.keys if isinstance(one, ast.Constant)]


def _plain(node: ast.expr, cls: type, home: dict[str, Any]) -> Any:
    """Return a default; None if the source does not show it."""
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

    These tables translate the patterns of layers in older configs.
    """
    found = []
    for node in ast.walk(_parsed(Path(sys.modules[cls.__module__].__file__ or ""))):
        if isinstance(node, ast.Dict) and len(node.keys) > 1:
            keys = _keys(node)
            is_text = all(isinstance(key, str) and len(key) == 1 for key in keys)
            if len(keys) == len(node.keys) and (is_text or all(type(k) is int for k in keys)):
                found.append(tuple(keys))
    return tuple(dict.fromkeys(found))


def layer_words(cls: type, known: list[Any]) -> tuple[str, ...]:
    """Return the names of layer types in a model's code, with their older names."""
    from transformers import configuration_utils

    names = vars(configuration_utils)
    text = "".join(path.read_text("utf-8") for path in _files(cls))
    allowed = [n for n in names.get("ALLOWED_LAYER_TYPES", ()) if f'"{n}"' in text]
    words = dict.fromkeys([*(one for one in known if isinstance(one, str)), *allowed])
    older = names.get("_LEGACY_LAYER_TYPE_REMAP", {})
    return (*words, *(old for old, new in older.items() if new in words))


def compared(cls: type) -> dict[str, list[Any]]:
    """Return the strings and numbers that a model's code compares with, by key."""
    return _facts(_home(cls))[0]


def read_keys(cls: type) -> dict[str, Any]:
    """Return the names that a model's code reads from configs, with the defaults."""
    return _facts(_home(cls))[1]


def _home(cls: type) -> Path:
    return Path(sys.modules[cls.__module__].__file__ or "").parent


def _files(cls: type) -> list[Path]:
    files = sorted(_home(cls).glob("*.py"))
    return [f for f in files if f.name.startswith(("configuration_", "modeling_"))]


@functools.lru_cache(maxsize=16)
def _parsed(path: Path) -> ast.AST:
    try:
        return ast.parse(path.read_text("utf-8"))
    except (OSError, SyntaxError):
        return ast.Module([], [])


@functools.lru_cache(maxsize=64)
def _facts(home: Path) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    values: dict[str, dict[Any, None]] = {}
    names: dict[str, Any] = {}
    for file in sorted(home.glob("*.py")):
        if not file.name.startswith(("configuration_", "modeling_")):
            continue
        tree = _parsed(file)
        tables = _tables(tree)
        for node in ast.walk(tree):
            for name, value in _comparisons(node, tables):
                values.setdefault(name, {})[value] = None
            if (read := _read(node)) is not None:
                names.setdefault(*read)
    return {name: list(found) for name, found in values.items()}, names


def _tables(tree: ast.AST) -> dict[str, list[Any]]:
    """Return the keys of named dictionaries."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            target = node.targets[0]
            if isinstance(target, ast.Name) and all(isinstance(k, str) for k in _keys(node.value)):
                found[target.id] = _keys(node.value)
    return found


def _comparisons(node: ast.AST, tables: dict[str, list[Any]]) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Compare(left=left, comparators=[right]):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, (ast.Attribute, ast.Name)):
                    name = one.attr if isinstance(one, ast.Attribute) else one.id
                    yield from ((name, value) for value in _constants(other))
        case ast.Subscript(value=ast.Name(id=table), slice=ast.Attribute(attr=name)):
            yield from ((name, key) for key in tables.get(table, ()))


def _constants(node: ast.expr) -> list[Any]:
    if isinstance(node, ast.Constant):
        found = [node.value]
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        found = [one.value for one in node.elts if isinstance(one, ast.Constant)]
    else:
        found = []
    return [one for one in found if isinstance(one, (str, int, float)) and one is not True]


def _read(node: ast.AST) -> tuple[str, Any] | None:
    match node:
        case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if (
            _CONFIG.search(owner)
        ):
            return (name, None) if isinstance(node.ctx, ast.Load) else None
        case ast.Call(
            func=ast.Name(id="getattr" | "hasattr"),
            args=[ast.Name(id=owner) | ast.Attribute(attr=owner), ast.Constant(value=name), *rest],
        ) if _CONFIG.search(owner):
            default = rest[0] if rest else None
            return str(name), default.value if isinstance(default, ast.Constant) else None
    return None
