"""Reads facts from the source of constructors without running them."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TypeAlias

from loracfg.base.derivation.interpreter.values import NotFollowed

__all__ = [
    "has_break",
    "has_exit",
    "names_loaded_first",
    "node_of",
    "only_sets_values",
    "reassigned_names",
    "returns",
    "stored_names",
]

FunctionNode: TypeAlias = ast.FunctionDef | ast.Lambda
_CHANGES_MODULES = frozenset(
    (
        *("add_module", "register_module", "register_parameter", "register_buffer", "__dict__"),
        *("_modules", "_parameters", "_buffers", "append", "extend", "insert", "update", "pop"),
        *("__setattr__", "apply", "__setitem__", "__delitem__", "setdefault"),
    )
)
_SCOPES = (ast.FunctionDef, ast.ClassDef, ast.Lambda)


@cache
def _functions_of(path: str) -> dict[tuple[int, bool], FunctionNode]:
    """Return the functions of a file by their first line, which may be a decorator, and kind."""
    found: dict[tuple[int, bool], FunctionNode] = {}
    for node in ast.walk(ast.parse(Path(path).read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            found.setdefault((node.lineno, isinstance(node, ast.Lambda)), node)
            for decorator in getattr(node, "decorator_list", ()):
                found.setdefault((decorator.lineno, False), node)
    return found


def node_of(function: types.FunctionType) -> FunctionNode:
    """Return the syntax tree of a function.

    Raises:
        NotFollowed: Its source is missing.
    """
    code = function.__code__
    is_lambda = function.__name__ == "<lambda>"
    try:
        functions = _functions_of(code.co_filename)
    except (OSError, SyntaxError):
        functions = {}
    node = functions.get((code.co_firstlineno, is_lambda))
    if node is None:
        raise NotFollowed(f"no source of {function.__qualname__}")
    return node


def has_exit(statements: list[ast.stmt]) -> bool:
    """Return whether a block may end early: by `return`, or by leaving the loop around it."""
    return any(_leaves(statement, in_loop=False) for statement in statements)


def returns(statement: ast.stmt) -> bool:
    """Return whether a statement may return from the enclosing function."""
    return _leaves(statement, in_loop=True)


def has_break(body: list[ast.stmt]) -> bool:
    """Return whether the body of a loop has a `break` of this loop."""
    return any(
        isinstance(statement, ast.Break)
        or (
            not isinstance(statement, (*_SCOPES, ast.For, ast.While))
            and has_break(_inner_statements(statement))
        )
        for statement in body
    )


def _leaves(statement: ast.stmt, *, in_loop: bool) -> bool:
    if isinstance(statement, ast.Return):
        return True
    if isinstance(statement, (ast.Continue, ast.Break)):
        return not in_loop
    if isinstance(statement, _SCOPES):
        return False
    in_loop = in_loop or isinstance(statement, (ast.For, ast.While))
    return any(_leaves(inner, in_loop=in_loop) for inner in _inner_statements(statement))


def _inner_statements(statement: ast.stmt) -> list[ast.stmt]:
    """Return the statements of the blocks of a statement."""
    found: list[ast.stmt] = []
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            found.append(child)
        elif isinstance(child, ast.ExceptHandler):
            found += child.body
    return found


def stored_names(body: Iterable[ast.AST]) -> list[str]:
    """Return the variables that statements or comprehensions set, in order."""
    return list(
        dict.fromkeys(
            node.id
            for statement in body
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        )
    )


def reassigned_names(body: Iterable[ast.AST]) -> set[str]:
    """Return the variables that statements set, except by augmented assignments such as `+=`."""
    augmented = {
        id(node.target)
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.AugAssign)
    }
    return {
        node.id
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and id(node) not in augmented
    }


def names_loaded_first(body: list[ast.stmt]) -> set[str]:
    """Return the variables that statements may read before they set them."""
    loaded: set[str] = set()
    _read_block(body, set(), loaded)
    return loaded


def _read_block(body: list[ast.stmt], stored: set[str], loaded: set[str]) -> None:
    """Record the variables that statements may read before setting them, and those always set."""
    for statement in body:
        if isinstance(statement, ast.If):
            _read(statement.test, stored, loaded)
            sides = [set(stored), set(stored)]
            _read_block(statement.body, sides[0], loaded)
            _read_block(statement.orelse, sides[1], loaded)
            stored |= sides[0] & sides[1]
        elif isinstance(statement, ast.For):
            _read(statement.iter, stored, loaded)
            inner = {*stored, *_names_in(statement.target)}
            _read_block(statement.body, inner, loaded)
            _read_block(statement.orelse, set(stored), loaded)
        elif isinstance(statement, ast.While):
            _read(statement.test, stored, loaded)
            _read_block(statement.body, set(stored), loaded)
            _read_block(statement.orelse, set(stored), loaded)
        elif isinstance(statement, (ast.With, ast.Try)):
            _read_block(_inner_statements(statement), set(stored), loaded)
        else:
            _read_simple(statement, stored, loaded)


def only_sets_values(node: FunctionNode) -> bool:
    """Tell whether a function that is applied to modules only sets the values of weights."""
    if isinstance(node, ast.Lambda):
        return False
    return not any(map(_may_change_modules, ast.walk(node)))


def _may_change_modules(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        is_set = not isinstance(node.ctx, ast.Load) and node.attr != "data"
        return is_set or node.attr in _CHANGES_MODULES
    return isinstance(node, ast.Name) and node.id in ("setattr", "delattr", "vars", "exec")


def _read_simple(statement: ast.stmt, stored: set[str], loaded: set[str]) -> None:
    if isinstance(statement, ast.Assign):
        _read(statement.value, stored, loaded)
        for target in statement.targets:
            _read(target, stored, loaded)
    elif isinstance(statement, ast.AugAssign):
        if isinstance(statement.target, ast.Name) and statement.target.id not in stored:
            loaded.add(statement.target.id)
        _read(statement.value, stored, loaded)
        _read(statement.target, stored, loaded)
    elif isinstance(statement, ast.AnnAssign):
        if statement.value is not None:
            _read(statement.value, stored, loaded)
            _read(statement.target, stored, loaded)
    elif isinstance(statement, _SCOPES):
        loaded |= {name.id for name in ast.walk(statement) if isinstance(name, ast.Name)} - stored
    else:
        _read(statement, stored, loaded)


def _read(node: ast.AST, stored: set[str], loaded: set[str]) -> None:
    """Record the names in an expression or target, in order."""
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            stored.add(node.id)
        elif node.id not in stored:
            loaded.add(node.id)
    elif isinstance(node, ast.NamedExpr):
        _read(node.value, stored, loaded)
        _read(node.target, stored, loaded)
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
        own = {name for part in node.generators for name in _names_in(part.target)}
        inner: set[str] = set()
        for child in ast.iter_child_nodes(node):
            _read(child, set(stored), inner)
        loaded |= inner - own
    else:
        for child in ast.iter_child_nodes(node):
            _read(child, stored, loaded)


def _names_in(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
