"""Rules for functions of numpy and torch that are called by the names of the stand-ins."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.derivation.interpreter.conversion import as_expression, as_value
from loracfg.base.derivation.interpreter.expressions import expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import FUNCTIONS, FunctionRule
from loracfg.base.derivation.interpreter.stand_ins import arrays, functions, tensors
from loracfg.base.derivation.interpreter.torch_functions import call_torch
from loracfg.base.derivation.interpreter.values import NotFollowed, SymbolicTensor, Value

_NAMES: Final = ["arange", "linspace", "cat", "stack", "outer", "eye", "full", "meshgrid"]


def _named(name: str) -> FunctionRule:
    """Return the rule for a function of torch."""

    def rule(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return call_torch(machine, name, arguments, keywords)

    return rule


def _order(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """Return the indexes that sort numbers; they must be different."""
    (values,) = arguments
    if keywords.keys() - {"axis"} or keywords.get("axis", -1) not in (0, -1):
        raise NotFollowed("an order by other arguments")
    numbers = as_expression(values)
    count = expression("call", "len", numbers)

    def is_number(i: Value) -> Value:
        return machine.call_builtin(isinstance, [machine.get_item(values, i), _NUMBER], {})

    def place(i: Value) -> Value:
        number = machine.get_item(as_value(expression("call", "sorted", numbers)), i)
        return as_value(expression("str", "index", numbers, as_expression(number)))

    are_numbers = as_expression([machine.repeat_value(count, is_number)])
    members = expression("call", "len", expression("call", "set", numbers))
    machine.require(expression("known", expression("call", "all", are_numbers)))
    machine.require(expression("known", expression("==", members, count)))
    return SymbolicTensor((as_value(count),), item=place)


_NUMBER: Final = (int, float)
_rules: dict[Any, FunctionRule] = {getattr(functions, name): _named(name) for name in _NAMES}
_rules[tensors.of_data] = _named("tensor")
_rules[arrays.order] = _order
FUNCTIONS.update(_rules)
