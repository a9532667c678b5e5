"""Interprets operators: arithmetic, comparisons, `and`, `or`, `not`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import simplified
from loracfg.base.derivation.interpreter.callables import Frame
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    attribute_of_model,
    has_computed_keys,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import Operand, expression, negate
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.stand_ins import Unknown, auto, containers, tensors
from loracfg.base.derivation.interpreter.statements import OPERATORS
from loracfg.base.derivation.interpreter.values import (
    UNKNOWN,
    Choice,
    Instance,
    InstanceAt,
    LibraryRaises,
    ModelPart,
    NotFollowed,
    RepeatedEntries,
    Symbol,
    SymbolicTensor,
    Value,
)

COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "isnt",
    ast.In: "in",
    ast.NotIn: "notin",
}
_UNARY: Final[dict[type[ast.unaryop], tuple[str, Callable[[Any], Any]]]] = {
    ast.USub: ("neg", operator.neg),
    ast.UAdd: ("pos", operator.pos),
    ast.Invert: ("inv", operator.invert),
}
_COMPUTE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "isnt": operator.is_not,
    "in": lambda a, b: a in b,
    "notin": lambda a, b: a not in b,
}
_NEVER_RAISE: Final = ("==", "!=", "is", "isnt")
_POSITIVE: Final = ("==", "is", "in")


def is_unknown(value: Value) -> bool:
    """Return whether nothing may depend on a value."""
    return value is UNKNOWN or isinstance(value, Unknown)


class Operators(Machine):
    """Interprets operators."""

    def evaluate_bool_op(self, node: ast.BoolOp, frame: Frame) -> Value:
        """Return the value of `a and b` or `a or b`."""
        is_and = isinstance(node.op, ast.And)
        length = len(self.path)

        def following(parts: list[ast.expr]) -> Value:
            value = self.evaluate(parts[0], frame)
            if len(parts) == 1:
                return value
            condition = self.truth(value)
            if is_and:
                return self.branch(condition, lambda: following(parts[1:]), lambda: value)
            return self.branch(condition, lambda: value, lambda: following(parts[1:]))

        try:
            return following(node.values)
        finally:
            self.path.cut(length)

    def evaluate_if_exp(self, node: ast.IfExp, frame: Frame) -> Value:
        """Return the value of `a if c else b`."""
        condition = self.truth(self.evaluate(node.test, frame))
        return self.branch(
            condition,
            lambda: self.evaluate(node.body, frame),
            lambda: self.evaluate(node.orelse, frame),
        )

    def evaluate_unary_op(self, node: ast.UnaryOp, frame: Frame) -> Value:
        """Return the value of `not a`, `-a`, `+a` or `~a`."""
        value = self.evaluate(node.operand, frame)
        if isinstance(node.op, ast.Not):
            return as_value(negate(self.truth(value)))
        name, compute = _UNARY[type(node.op)]

        def apply(value: Value) -> Value:
            if isinstance(value, Symbol):
                return self.evaluable(expression(name, value.expression))
            if isinstance(value, SymbolicTensor):
                return SymbolicTensor(value.shape)
            return value if is_unknown(value) else compute(value)

        return self.lift(value, apply)

    def evaluate_bin_op(self, node: ast.BinOp, frame: Frame) -> Value:
        """Return the value of a binary operation such as `a + b`."""
        left, right = self.evaluate(node.left, frame), self.evaluate(node.right, frame)
        return self.operate(OPERATORS[type(node.op)], left, right)

    def operate(self, operator: str, left: Value, right: Value) -> Value:
        """Return the result of a binary operator."""
        left, right = map(_as_known_value, (left, right))
        if isinstance(left, Choice):
            return self.lift(left, lambda one: self.operate(operator, one, right))
        if isinstance(right, Choice):
            return self.lift(right, lambda one: self.operate(operator, left, one))
        if isinstance(left, SymbolicTensor) or isinstance(right, SymbolicTensor):
            return self._operate_tensors(operator, left, right)
        if is_unknown(left) or is_unknown(right):
            return UNKNOWN
        if isinstance(left, Instance) and operator == "+":
            both = [*self.entries_of(left), *self.entries_of(right)]
            return self.instantiate(containers.ModuleList, [both], {})
        if type(left) in (list, tuple) or type(right) in (list, tuple):
            found = self._operate_lists(operator, left, right)
            if found is not None:
                return found
        if is_plain(left) and is_plain(right):
            return compute(operator, left, right)
        return self.evaluable(expression(operator, as_expression(left), as_expression(right)))

    def _operate_lists(self, operator: str, left: Any, right: Any) -> Value:
        """Return the result of `+` or `*` on a list; None for other operations."""
        if operator == "+" and type(left) is type(right):
            return type(left)([*left, *right])
        if operator != "*":
            return None
        if type(right) in (list, tuple):
            left, right = right, left
        if isinstance(right, int):
            return type(left)([*left] * right)
        if isinstance(right, Symbol):
            if not is_expressible(left):
                count = right.expression
                self.require(expression("isinst", count, "int"))
                return type(left)([RepeatedEntries(self.loop_depth, count, list(left))])
            return self.evaluable(expression("*", as_expression(left), right.expression))
        return None

    def _operate_tensors(self, operator: str, left: Value, right: Value) -> Value:
        """Return a tensor of the shape that two operands broadcast to."""
        if is_unknown(left) or is_unknown(right):
            return UNKNOWN
        for one in (left, right):
            if isinstance(one, Symbol):
                self.require(expression("isinst", one.expression, "Number"))
            elif one is None or isinstance(one, str):
                raise LibraryRaises("TypeError", "no number")
        numbers = [one.number if isinstance(one, SymbolicTensor) else one for one in (left, right)]
        first, second = (
            one.shape if isinstance(one, SymbolicTensor) else () for one in (left, right)
        )
        if first is None or second is None:
            return SymbolicTensor(None)
        if first == () and second == () and None not in numbers:
            return SymbolicTensor((), number=self.operate(operator, *numbers))
        if len(first) == len(second) == 1 and first != second:
            sizes = [as_expression(shape[0]) for shape in (first, second)]
            self.require(expression("bcast", *sizes))
            is_one = simplified("==", sizes[0], 1)
            return SymbolicTensor((as_value(simplified("if", is_one, sizes[1], sizes[0])),))
        if first == second or second == ():
            return SymbolicTensor(first)
        if first == ():
            return SymbolicTensor(second)
        return self.broadcast(first, second)

    def broadcast(self, first: tuple[Value, ...], second: tuple[Value, ...]) -> SymbolicTensor:
        """Return a tensor of the shape that two shapes broadcast to, if sizes are equal or 1."""
        longer = max(len(first), len(second))
        padded = [(1,) * (longer - len(one)) + one for one in (first, second)]
        shape = []
        for a, b in zip(*padded, strict=True):
            if a == b or b == 1:
                shape.append(a)
            elif a == 1:
                shape.append(b)
            else:
                return SymbolicTensor(None)
        return SymbolicTensor(tuple(shape))

    def evaluate_compare(self, node: ast.Compare, frame: Frame) -> Value:
        """Return the value of a comparison such as `a < b < c`."""
        left = self.evaluate(node.left, frame)
        result: Value = True
        for number, (op, comparator) in enumerate(zip(node.ops, node.comparators, strict=True)):
            right = self.evaluate(comparator, frame)
            one = self.compare(COMPARISONS[type(op)], left, right)
            result = one if number == 0 else self._both(result, one)
            left = right
        return result

    def _both(self, first: Value, second: Value) -> Value:
        return self.branch(self.truth(first), lambda: second, lambda: False)

    def compare(self, operator: str, left: Value, right: Value) -> Value:
        """Return the result of a comparison."""
        left, right = map(_as_known_value, (left, right))
        if operator in ("is", "isnt") and (left is None or right is None):
            one = left if right is None else right
            return self.lift_pure(one, lambda value: _compare_with_none(operator, value))
        if isinstance(left, Choice):
            return self.lift_pure(left, lambda one: self.compare(operator, one, right))
        if isinstance(right, Choice):
            return self.lift_pure(right, lambda one: self.compare(operator, left, one))
        if isinstance(left, SymbolicTensor) and left.number is not None:
            left = left.number
        if any(is_unknown(one) or isinstance(one, SymbolicTensor) for one in (left, right)):
            if operator in ("is", "isnt", "in", "notin"):
                return UNKNOWN
            return self._operate_tensors(operator, left, right)
        return self._compare_values(operator, left, right)

    def _compare_values(self, operator: str, left: Value, right: Value) -> Value:
        """Return the result of a comparison of values."""
        if operator in ("in", "notin"):
            found = self._compare_membership(operator, left, right)
        else:
            found = _compare_objects(operator, left, right)
        if found is not None:
            return found
        if is_plain(left) and is_plain(right):
            return compute(operator, left, right)
        if isinstance(left, Instance) or isinstance(right, Instance):
            raise NotFollowed("comparing an object")
        made = expression(operator, as_expression(left), as_expression(right))
        if made[1] is made[2] and _is_description(made[1]) and operator in ("==", "!="):
            return operator == "=="
        return as_value(made) if operator in _NEVER_RAISE else self.evaluable(made)

    def _compare_membership(self, operator: str, left: Any, right: Any) -> Value:
        """Return whether something is in a container; None if it must be compared as a value."""
        is_in = operator == "in"
        if isinstance(right, Instance):
            if not isinstance(left, str):
                raise NotFollowed("a name of a module that is computed")
            return (left in self.names_of(right)) == is_in
        if isinstance(right, (auto.ModelMapping, auto.ConfigMapping)):
            raise NotFollowed("a look-up of a mapping")
        if isinstance(right, dict) or type(right).__name__ == "dict_keys":
            if isinstance(right, dict) and has_computed_keys(right):
                raise NotFollowed("a key of a dict with keys that are computed")
            if is_plain(left):
                held = right.get(left) if isinstance(right, dict) else None
                if isinstance(held, Choice):
                    return self._is_there(held, is_in)
                return (left in right) == is_in
            if isinstance(left, Symbol):
                keys: list[Operand] = [as_expression(key) for key in right]
                return as_value(expression(operator, left.expression, expression("tuple", *keys)))
        return None

    def _is_there(self, held: Value, is_in: bool) -> Value:
        """Return whether a key exists that only some branches set."""
        found = self.is_set(held)
        return as_value(found if is_in else negate(found))


def compute(operator: str, left: object, right: object) -> object:
    """Return the result of an operator on plain values.

    Raises:
        LibraryRaises: It raises.
    """
    try:
        return _COMPUTE[operator](left, right)
    except Exception as error:
        raise LibraryRaises(type(error).__name__, str(error)) from error


def _is_description(operand: Operand) -> bool:
    """Return whether an operand is the dict of all keys of a config."""
    return isinstance(operand, tuple) and operand[0] == "mcall" and operand[2] == "to_dict"


def _as_known_value(value: Value) -> Value:
    """Return an attribute of an inner model as a symbol, and other values unchanged."""
    return Symbol(attribute_of_model(value)) if isinstance(value, ModelPart) else value


def _compare_with_none(operator: str, value: Value) -> Value:
    if isinstance(value, Symbol):
        return Symbol(expression(operator, value.expression, None))
    if is_unknown(value):
        raise NotFollowed("a branch on what is not known")
    return (value is None) == (operator == "is")


def _has_own_equality(value: Value) -> bool:
    if not isinstance(value, Instance):
        return False
    return any("__eq__" in vars(cls) for cls in value.cls.__mro__ if cls is not object)


def _compare_objects(operator: str, left: Value, right: Value) -> Value:
    """Return whether two objects are the same; None for other values."""
    if any(isinstance(one, InstanceAt) for one in (left, right)):
        raise NotFollowed("comparing modules of turns")
    if operator not in ("is", "isnt", "==", "!="):
        return None
    if operator in ("==", "!=") and any(map(_has_own_equality, (left, right))):
        raise NotFollowed("comparing an object")
    are_objects = any(isinstance(one, (Instance, tensors.Device)) for one in (left, right))
    are_classes = operator in ("==", "!=") and any(isinstance(one, type) for one in (left, right))
    if are_objects or (are_classes and not any(isinstance(o, Symbol) for o in (left, right))):
        return (left is right) == (operator in _POSITIVE)
    return None
