"""Rules for the checks of common layers, which become named checks."""

from __future__ import annotations

import ast
import copy
from typing import Final

from loracfg.base.derivation.interpreter.conversion import as_expression, is_expressible, is_plain
from loracfg.base.derivation.interpreter.expressions import expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import FUNCTIONS, FunctionRule
from loracfg.base.derivation.interpreter.values import LibraryRaises, NotFollowed, Value
from loracfg.base.derivation.stand_ins import layers


def _named(name: str, function: object) -> FunctionRule:
    """Return the rule for a check, which becomes an operation on its arguments."""

    def rule(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if keywords or not all(map(is_expressible, arguments)):
            raise NotFollowed(f"{name} of what is not known")
        if name == "padding" and arguments[-1] is None:
            return None
        if not all(map(is_plain, arguments)):
            machine.require(expression(name, *map(as_expression, arguments)))
            return None
        try:
            function(*arguments)  # type: ignore[operator]
        except Exception as error:
            raise LibraryRaises(type(error).__name__, str(error)) from error
        return None

    return rule


_CHECKS: Final = {"padding": layers.check_padding, "probability": layers.check_probability}

FUNCTIONS.update({function: _named(name, function) for name, function in _CHECKS.items()})

ONLY_TIED: Final = {"Zamba2Model.get_layers": "unique_hybrid_blocks"}
"""Variables that only decide which layers of equal sizes share weights, by method."""


def without_variable(body: list[ast.stmt], name: str) -> list[ast.stmt]:
    """Return statements without those that use a variable."""
    return [
        _VariableRemover(name).visit(copy.deepcopy(one)) for one in body if not _is_about(one, name)
    ]


class _VariableRemover(ast.NodeTransformer):
    """Drops nested statements that use a variable."""

    def __init__(self, name: str) -> None:
        self.name = name

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for field in ("body", "orelse"):
            inner = getattr(node, field, None)
            if isinstance(inner, list):
                setattr(node, field, [one for one in inner if not _is_about(one, self.name)])
        return super().generic_visit(node)


def _is_about(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement uses a variable outside its nested statements."""
    head: list[ast.AST] = [statement]
    if isinstance(statement, ast.If):
        head = [statement.test]
    elif isinstance(statement, ast.For):
        head = [statement.target, statement.iter]
    return any(
        isinstance(node, ast.Name) and node.id == name for one in head for node in ast.walk(one)
    )
