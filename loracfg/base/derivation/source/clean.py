"""Removes from definitions what no constructor needs: texts, annotations, logging, messages."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final

from loracfg.base.derivation.source import replaced
from loracfg.base.derivation.source.names import (
    Definition,
    Meaning,
    absolute,
    imported,
    meaning,
    package_of,
)
from loracfg.base.derivation.source.repository import is_own

_SILENT: Final = ("logger", "warnings", "print")
_INITIALISES: Final = ("nn.init.", "init.", "torch.nn.init.")


def is_dropped(node: ast.stmt) -> bool:
    """Return whether a statement has no effect here: texts, logging, warnings, weight values."""
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    if isinstance(value, ast.Constant):
        return True
    if not isinstance(value, ast.Call):
        return False
    called = ast.unparse(value.func)
    return called.partition(".")[0] in _SILENT or called.startswith(_INITIALISES)


def kept_decorators(node: ast.ClassDef | ast.FunctionDef, module: str) -> list[ast.expr]:
    """Return the decorators that matter, which may be any in a repository's code."""
    return [
        one
        for one in node.decorator_list
        if last_name(one) in replaced.DECORATORS or _is_of_repository(one, module)
    ]


def _is_of_repository(decorator: ast.expr, module: str) -> bool:
    names = [one.id for one in ast.walk(decorator) if isinstance(one, ast.Name)]
    found = meaning(module, names[0]) if names and is_own(module) else None
    return isinstance(found, Definition) and is_own(found.module)


def last_name(node: ast.expr) -> str:
    """Return the name of a decorator without its module."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


class Cleaner(ast.NodeTransformer):
    """Cleans the definitions of a module of the library.

    Args:
        module: the module.
        use: called with each name in the remaining code.
        bring: returns the statement that imports a name into a function.
    """

    def __init__(
        self,
        module: str,
        use: Callable[[str, str], None],
        bring: Callable[[Meaning, str], ast.stmt],
    ) -> None:
        self.module = module
        self.use = use
        self.bring = bring

    def _body(self, body: list[ast.stmt]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for statement in body:
            if is_dropped(statement):
                continue
            new = self.visit(statement)
            if isinstance(new, list):
                made += new
            elif new is not None:
                made.append(new)
        return made or [ast.Pass()]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        for one in ast.walk(node.args):
            if isinstance(one, ast.arg):
                one.annotation = None
        node.decorator_list = [self.visit(d) for d in kept_decorators(node, self.module)]
        node.args = self.visit(node.args)
        node.body = self._body(node.body)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.decorator_list = [self.visit(d) for d in kept_decorators(node, self.module)]
        node.bases = [self.visit(b) for b in node.bases]
        node.body = self._body(node.body)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        node.test = self.visit(node.test)
        node.body = self._body(node.body)
        node.orelse = [] if not node.orelse else self._body(node.orelse)
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.Pass):
            node.orelse = []
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        node.target, node.iter = self.visit(node.target), self.visit(node.iter)
        node.body = self._body(node.body)
        node.orelse = [] if not node.orelse else self._body(node.orelse)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        node.test, node.body = self.visit(node.test), self._body(node.body)
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        node.items = [self.visit(one) for one in node.items]
        node.body = self._body(node.body)
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        node.body = self._body(node.body)
        for handler in node.handlers:
            handler.type = self.visit(handler.type) if handler.type else None
            handler.body = self._body(handler.body)
        node.orelse = self._body(node.orelse) if node.orelse else []
        node.finalbody = self._body(node.finalbody) if node.finalbody else []
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return ast.Assign(targets=[node.target], value=self.visit(node.value), lineno=0)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        node.cause = None
        return self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        node.msg = None
        return self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        home = absolute(node, package_of(self.module))
        return [self.bring(imported(home, a.name), a.asname or a.name) for a in node.names]

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        return [
            self.bring(imported(a.name, None), a.asname or a.name.partition(".")[0])
            for a in node.names
        ]

    def visit_Name(self, node: ast.Name) -> ast.AST:
        self.use(self.module, node.id)
        return node
