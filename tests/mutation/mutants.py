"""Which changes of a module are tried."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

COMPARISONS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Eq: (ast.NotEq, ast.GtE, ast.LtE),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NAMES: Final = {"any": "all", "all": "any", "min": "max", "max": "min"}


class Mutant(NamedTuple):
    """One change of a module.

    `name` is the same as long as the code around does not change: the function, what stood there,
    what stands there now, and which of several such places it is. `first` and `last` are the lines
    of the statement, `is_outside` tells that it is executed when the module is imported.
    """

    file: str
    name: str
    line: int
    first: int
    last: int
    is_outside: bool
    write: Callable[[], str]

    @property
    def text(self) -> str:
        """The text of the module with the change."""
        return self.write()


class _Place(NamedTuple):
    """A node, the class or function and the statement that it is in."""

    node: ast.AST
    function: str
    statement: ast.stmt | None
    is_outside: bool


def mutants(file: str, source: str) -> Iterator[Mutant]:
    """Yield every change of a module, in the order of its text."""
    tree = ast.parse(source)
    seen: dict[str, int] = {}
    for place in _places(tree, _Place(tree, "", None, is_outside=True)):
        for changed in changes(place.node):
            old, new = _shown(place.node), _shown(changed)
            if old == new or place.statement is None:
                continue
            name = f"{place.function or _assigned(place.statement)}: {old} -> {new}"
            seen[name] = seen.get(name, 0) + 1
            number = f" #{seen[name]}" if seen[name] > 1 else ""
            first, last = _lines(place.statement)
            line = getattr(place.node, "lineno", first)
            write = partial(_with, tree, place.node, changed)
            yield Mutant(file, name + number, line, first, last, place.is_outside, write)


def _places(node: ast.AST, around: _Place) -> Iterator[_Place]:
    """Yield the nodes of a tree that may be changed, in order; no annotations, no docstrings."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_ignores", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_of_types(child):
                continue
            function, statement = around.function, around.statement
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                function = f"{function}.{child.name}".strip(".")
            if isinstance(child, ast.stmt):
                statement = child
            is_inside = isinstance(node, ast.FunctionDef) and field == "body"
            place = _Place(child, function, statement, around.is_outside and not is_inside)
            yield place
            yield from _places(child, place)


def _is_of_types(node: ast.AST) -> bool:
    """Tell whether a statement is a docstring, an import, or for type checkers only."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in place of a node."""
    for kind, changed in CHANGES.items():
        if isinstance(node, kind):
            yield from changed(node)


def _of_comparison(node: ast.Compare) -> Iterator[ast.AST]:
    if len(node.ops) == 1:
        is_of_text = _is_string(node.left) or _is_string(node.comparators[0])
        for other in COMPARISONS[type(node.ops[0])]:
            if other not in (ast.GtE, ast.LtE) or not is_of_text:  # the order of texts says nothing
                yield ast.Compare(node.left, [other()], node.comparators)


def _of_conditions(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    for i in range(len(node.values)):
        rest = node.values[:i] + node.values[i + 1 :]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _of_sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not):
        yield node.operand


def _of_operation(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in OPERATORS and not _is_text(node):
        yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)


def _of_constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _of_call(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name) and node.func.id in NAMES:
        yield ast.Call(ast.Name(NAMES[node.func.id]), node.args, node.keywords)


def _of_choice(node: ast.IfExp) -> Iterator[ast.AST]:
    yield node.body
    yield node.orelse


def _of_condition(node: ast.If) -> Iterator[ast.AST]:
    for value in (True, False):
        yield ast.If(ast.Constant(value), node.body, node.orelse)


def _of_filter(node: ast.comprehension) -> Iterator[ast.AST]:
    for value in (True, False) if node.ifs else ():
        fixed: list[ast.expr] = [ast.Constant(value)]
        yield ast.comprehension(node.target, node.iter, fixed, node.is_async)


def _of_jump(node: ast.stmt) -> Iterator[ast.AST]:
    yield ast.Break() if isinstance(node, ast.Continue) else ast.Continue()


def _of_return(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not _is_none(node.value):
        yield ast.Return(ast.Constant(None))


def _of_expression(node: ast.Expr) -> Iterator[ast.AST]:
    if isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom):
        yield ast.Pass()


CHANGES: Final[dict[type[ast.AST], Callable[[Any], Iterator[ast.AST]]]] = {
    ast.Compare: _of_comparison,
    ast.BoolOp: _of_conditions,
    ast.UnaryOp: _of_sign,
    ast.BinOp: _of_operation,
    ast.Constant: _of_constant,
    ast.Call: _of_call,
    ast.IfExp: _of_choice,
    ast.If: _of_condition,
    ast.comprehension: _of_filter,
    ast.Continue: _of_jump,
    ast.Break: _of_jump,
    ast.Return: _of_return,
    ast.Expr: _of_expression,
}


def _is_text(node: ast.BinOp) -> bool:
    """Tell whether texts are joined, of which no difference can be taken."""
    sides = (node.left, node.right)
    return any(isinstance(x, ast.JoinedStr) or _is_string(x) for x in sides)


def _assigned(statement: ast.stmt) -> str:
    """Return the name that a statement outside of functions gives a value."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return "module"


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _shown(node: ast.AST) -> str:
    """Return a node in one line; of a statement with a body the first."""
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    if isinstance(node, ast.comprehension):
        return " and ".join(["where", *map(ast.unparse, node.ifs)])
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).partition("\n")[0]


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """Return the first and last line of a statement, of one with a body up to that."""
    body = getattr(statement, "body", None)
    last = statement.end_lineno or statement.lineno
    return statement.lineno, max(statement.lineno, body[0].lineno - 1) if body else last


def _with(tree: ast.Module, node: ast.AST, changed: ast.AST) -> str:
    """Return the text of a module with a node replaced."""

    class Replacing(ast.NodeTransformer):
        def visit(self, one: ast.AST) -> ast.AST:
            if one is node:
                return changed
            fields = {
                key: [self.visit(x) if isinstance(x, ast.AST) else x for x in value]
                if isinstance(value, list)
                else self.visit(value)
                if isinstance(value, ast.AST)
                else value
                for key, value in ast.iter_fields(one)
            }
            return type(one)(**fields)

    return ast.unparse(ast.fix_missing_locations(Replacing().visit(tree)))
