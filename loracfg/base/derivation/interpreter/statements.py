"""Interprets statements: blocks, assignments, exceptions and imports."""

from __future__ import annotations

import ast
import builtins
import copy
import importlib
from typing import Any, Final

from loracfg.base.derivation.interpreter.callables import Frame, Function
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    has_computed_keys,
    has_symbolic_length,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.distinct import numbered_key
from loracfg.base.derivation.interpreter.expressions import Expression, Operand, expression
from loracfg.base.derivation.interpreter.flow import NO_FLOW, Flow
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.stand_ins import Unknown, containers
from loracfg.base.derivation.interpreter.syntax import has_exit, returns
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    UNKNOWN,
    Choice,
    Exit,
    Instance,
    LibraryRaises,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    Value,
)

OPERATORS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.MatMult: "@",
}


_SIMPLE: Final[dict[type[ast.stmt], str]] = {
    ast.Expr: "_evaluate",
    ast.Assign: "_assign",
    ast.AnnAssign: "_assign",
    ast.AugAssign: "_augment",
    ast.Assert: "_assert",
    ast.Raise: "_raise",
    ast.FunctionDef: "_define",
    ast.Delete: "_delete_all",
    ast.Import: "_import",
    ast.ImportFrom: "_import",
    ast.Global: "_share",
}


class Statements(Machine):
    """Interprets statements."""

    def run_block(
        self, statements: list[ast.stmt], frame: Frame, flow: Flow = NO_FLOW
    ) -> Exit | None:
        """Run statements and the code after them; return how they end if they end early.

        If only one side of a branch ends early, the code after it is run in each side.
        """
        for number, statement in enumerate(statements):
            self.count_step()
            rest = statements[number + 1 :]
            if isinstance(statement, ast.If) and self._is_numbered(statement, frame):
                exit_ = None
            elif isinstance(statement, ast.If):
                condition = self.truth(self.evaluate(statement.test, frame))
                if _may_leave(statement, condition):
                    inner = self._before(rest, frame, flow)
                    return self._run_sides(statement, condition, frame, inner)
                exit_ = self._run_sides(statement, condition, frame, NO_FLOW)
            elif isinstance(statement, (ast.For, ast.While)) and returns(statement):
                inner = self._before(rest, frame, flow)
                if isinstance(statement, ast.For):
                    return self.run_for(statement, frame, inner)
                return self.run_while(statement, frame, inner)
            else:
                exit_ = self.run_statement(statement, frame)
            if exit_ is not None:
                return flow.leave(exit_)
        return flow.end()

    def _is_numbered(self, statement: ast.If, frame: Frame) -> bool:
        """Number a computed key of a dict if a statement does this; return whether it does."""
        item = numbered_key(statement)
        if item is None or type(self.evaluate(item.value, frame)) is not dict:
            return False
        key = self.evaluate(item.slice, frame)
        if is_plain(key) or not is_expressible(key):
            return False
        number = SymbolicTensor(())  # replaces an unknown number
        self.set_item(self.evaluate(item.value, frame), as_value(as_expression(key)), number)
        return True

    def _run_sides(
        self, statement: ast.If, condition: Operand, frame: Frame, flow: Flow
    ) -> Exit | None:
        found: Any = self.branch(
            condition,
            lambda: self.run_block(statement.body, frame, flow),
            lambda: self.run_block(statement.orelse, frame, flow),
        )
        left: Exit | None = found
        return left

    def _before(self, rest: list[ast.stmt], frame: Frame, flow: Flow) -> Flow:
        """Return the flow of a block that is followed by the rest of the enclosing block."""
        return Flow(lambda: self.run_block(rest, frame, flow), flow.on_break, flow.on_continue)

    def run_body(self, statements: list[ast.stmt], frame: Frame) -> Value:
        """Run the body of a function; return its result."""
        exit_ = self.run_block(statements, frame, Flow(lambda: Exit("return")))
        return exit_.value if exit_ is not None else None

    def run_statement(self, statement: ast.stmt, frame: Frame) -> Exit | None:
        """Run a statement; return how it ends if it ends its block."""
        if isinstance(statement, ast.Return):
            value = self.evaluate(statement.value, frame) if statement.value else None
            return Exit("return", value)
        if isinstance(statement, ast.Continue):
            return Exit("continue")
        if isinstance(statement, ast.Break):
            return Exit("break")
        if isinstance(statement, ast.For):
            return self.run_for(statement, frame, NO_FLOW)
        if isinstance(statement, ast.While):
            return self.run_while(statement, frame, NO_FLOW)
        if isinstance(statement, ast.With):
            return self.run_block(statement.body, frame)
        if isinstance(statement, ast.Try):
            return self._try(statement, frame)
        self._run_simple(statement, frame)
        return None

    def _run_simple(self, statement: ast.stmt, frame: Frame) -> None:
        """Run a statement that never ends its block."""
        rule = _SIMPLE.get(type(statement))
        if rule is not None:
            getattr(self, rule)(statement, frame)
        elif not isinstance(statement, ast.Pass):
            raise NotFollowed(type(statement).__name__)

    def _evaluate(self, statement: ast.Expr, frame: Frame) -> None:
        self.evaluate(statement.value, frame)

    def _assign(self, statement: ast.Assign | ast.AnnAssign, frame: Frame) -> None:
        if statement.value is None:
            return
        value = self.evaluate(statement.value, frame)
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            self.assign(target, value, frame)

    def _raise(self, statement: ast.Raise, frame: Frame) -> None:
        raise LibraryRaises(_name_of_error(statement.exc))

    def _delete_all(self, statement: ast.Delete, frame: Frame) -> None:
        for target in statement.targets:
            self._delete(target, frame)

    def _augment(self, statement: ast.AugAssign, frame: Frame) -> None:
        load = copy.copy(statement.target)
        load.ctx = ast.Load()
        old = self.evaluate(load, frame)
        more = self.evaluate(statement.value, frame)
        if isinstance(statement.op, ast.Add) and type(old) is list:
            self.change_list(old, [*old, *self.entries_of(more)])
        elif isinstance(old, Instance) and issubclass(old.cls, containers.ModuleList):
            self.call(self.get_attribute(old, "extend"), [more], {})
        else:
            value = self.operate(OPERATORS[type(statement.op)], old, more)
            self.assign(statement.target, value, frame)

    def _assert(self, statement: ast.Assert, frame: Frame) -> None:
        condition = self.truth(self.evaluate(statement.test, frame))
        if condition is False:
            raise LibraryRaises("AssertionError")
        self.require(condition)
        self.assume(condition)

    def _try(self, statement: ast.Try, frame: Frame) -> Exit | None:
        try:
            exit_ = self.run_block(statement.body, frame)
        except LibraryRaises as raised:
            handler = next((h for h in statement.handlers if _catches(h, raised.kind)), None)
            if handler is None:
                raise
            exit_ = self.run_block(handler.body, frame)
        else:
            if exit_ is None and statement.orelse:
                exit_ = self.run_block(statement.orelse, frame)
        if statement.finalbody:
            self.run_block(statement.finalbody, frame)
        return exit_

    def _share(self, statement: ast.Global, frame: Frame) -> None:
        """Follow a global that is None, like an empty cache, which each call fills for itself."""
        for name in statement.names:
            if frame.module.get(name, MISSING) is not None:
                raise NotFollowed("a global is set")
            self.put(frame.variables, name, None)
            self.filled.add(name)

    def _define(self, statement: ast.FunctionDef, frame: Frame) -> None:
        defaults = [self.evaluate(one, frame) for one in statement.args.defaults]
        keyword_defaults = [
            None if one is None else self.evaluate(one, frame) for one in statement.args.kw_defaults
        ]
        function = Function(statement, frame, defaults, keyword_defaults, statement.name)
        self.put(frame.variables, statement.name, function)

    def _delete(self, target: ast.expr, frame: Frame) -> None:
        if isinstance(target, ast.Name):
            self.put(frame.variables, target.id, MISSING)
            return
        if isinstance(target, ast.Attribute):
            self.delete_attribute(self.evaluate(target.value, frame), target.attr)
            return
        if isinstance(target, ast.Subscript):
            owner = self.evaluate(target.value, frame)
            key = self.evaluate(target.slice, frame)
            if isinstance(owner, dict) and is_plain(key):
                if has_computed_keys(owner):
                    raise NotFollowed("a dict with keys that are computed")
                self.get_item(owner, key)  # which must exist
                self.put(owner, key, MISSING)
                return
            if type(owner) is list and isinstance(key, int) and not has_symbolic_length(owner):
                self.get_item(owner, key)
                kept = list(owner)
                del kept[key]
                self.change_list(owner, kept)
                return
        raise NotFollowed("del of an item")

    def delete_attribute(self, owner: Value, name: str) -> None:
        """Delete an attribute."""
        if isinstance(owner, Instance):
            if name not in owner.attributes:
                raise LibraryRaises("AttributeError", name)
            self.put(owner.attributes, name, MISSING)
            self.put(owner.registered, name, MISSING)
        else:
            raise NotFollowed(f"del of an attribute of {type(owner).__name__}")

    def _import(self, statement: ast.Import | ast.ImportFrom, frame: Frame) -> None:
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                module: Any = importlib.import_module(alias.name)
                if alias.asname is None:
                    module = importlib.import_module(alias.name.partition(".")[0])
                found = module
            else:
                name = "." * statement.level + (statement.module or "")
                module = importlib.import_module(name, frame.module.get("__package__"))
                found = getattr(module, alias.name)
            self.put(frame.variables, alias.asname or alias.name.partition(".")[0], found)

    # Targets

    def assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Set a variable, an attribute or an item, or several of them."""
        if isinstance(target, ast.Name):
            self.put(frame.variables, target.id, value)
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value, frame)
            self.lift(owner, lambda one: self.set_attribute(one, target.attr, value))
        elif isinstance(target, (ast.Tuple, ast.List)):
            if any(isinstance(part, ast.Starred) for part in target.elts):
                self._assign_starred(target.elts, value, frame)
                return
            parts = self.unpack(value, len(target.elts))
            for part, one in zip(target.elts, parts, strict=True):
                self.assign(part, one, frame)
        elif isinstance(target, ast.Subscript):
            owner = self.evaluate(target.value, frame)
            key = self.evaluate(target.slice, frame)
            if isinstance(target.value, ast.Name) and _is_made_here(owner):
                operands = map(as_expression, (owner, key, value))
                changed = self.evaluable(expression("put", *operands))
                self.put(frame.variables, target.value.id, changed)
                return
            self.lift(owner, lambda one: self.set_item(one, key, value))
        else:
            raise NotFollowed("a target of an assignment")

    def _assign_starred(self, targets: list[ast.expr], value: Any, frame: Frame) -> None:
        if type(value) not in (list, tuple) or has_symbolic_length(value):
            raise NotFollowed("a starred target of what is not known")
        at = next(n for n, one in enumerate(targets) if isinstance(one, ast.Starred))
        after = len(targets) - at - 1
        if len(value) < at + after:
            raise LibraryRaises("ValueError")
        middle = list(value[at : len(value) - after])
        entries = [*value[:at], middle, *value[len(value) - after :]]
        for target, entry in zip(targets, entries, strict=True):
            is_starred = isinstance(target, ast.Starred)
            self.assign(target.value if is_starred else target, entry, frame)  # type: ignore[attr-defined]

    def unpack(self, value: Value, count: int) -> list[Value]:
        """Return the entries of a value, which must have this many."""
        if isinstance(value, Choice):
            sides: Any = self.lift(value, lambda side: tuple(self.unpack(side, count)))
            return list(sides)
        if isinstance(value, Symbol):
            operand = value.expression
            self.require(expression("==", expression("call", "len", operand), count))
            return [self.evaluable(expression("[]", operand, n)) for n in range(count)]
        if value is UNKNOWN or isinstance(value, (SymbolicTensor, Unknown)):
            return [UNKNOWN] * count
        entries = self.entries_of(value)
        if has_symbolic_length(entries):
            return self.unpack(as_value(as_expression(entries)), count)
        if len(entries) != count:
            raise LibraryRaises("ValueError")
        return entries


def _is_made_here(value: Value) -> bool:
    """Return whether a value is a new list without other references."""
    return isinstance(value, Symbol) and (
        value.expression[0] == "put"
        or (
            value.expression[0] == "*"
            and any(
                isinstance(part, Expression) and part[0] == "list" for part in value.expression[1:]
            )
        )
    )


def _name_of_error(raised: ast.expr | None) -> str:
    if isinstance(raised, ast.Call):
        raised = raised.func
    return ast.unparse(raised) if raised is not None else "Exception"


def _catches(handler: ast.ExceptHandler, kind: str) -> bool:
    """Return whether a handler catches exceptions of a class, by name.

    Raises:
        NotFollowed: The class is none of Python's, so its bases are not known.
    """
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    own = getattr(builtins, kind, None)
    for one in caught:
        name = ast.unparse(one)
        cls = getattr(builtins, name, None)
        if name == kind or cls in (Exception, BaseException):
            return True
        if isinstance(own, type) and isinstance(cls, type) and issubclass(own, cls):
            return True
    if own is None:
        raise NotFollowed("an exception of the library's own class")
    return False


def _may_leave(statement: ast.If, condition: Operand) -> bool:
    """Return whether only some configs leave the block within a statement."""
    if not isinstance(condition, bool):
        return has_exit(statement.body) or has_exit(statement.orelse)
    side = statement.body if condition else statement.orelse
    return any(isinstance(one, ast.If) and has_exit([one]) for one in side)
