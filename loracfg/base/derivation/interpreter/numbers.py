"""Functions of numpy and of torch that are called by the stand-ins' own names."""

from __future__ import annotations

from typing import Any, Final

from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import FUNCTIONS, FunctionRule
from loracfg.base.derivation.interpreter.stand_ins import functions, tensors
from loracfg.base.derivation.interpreter.torch_functions import call_torch
from loracfg.base.derivation.interpreter.values import Value

_NAMES: Final = ["arange", "linspace", "cat", "stack", "outer", "eye", "full", "meshgrid"]


def _named(name: str) -> FunctionRule:
    """Return the rule of a function of torch."""

    def rule(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        return call_torch(machine, name, arguments, keywords)

    return rule


_rules: dict[Any, FunctionRule] = {getattr(functions, name): _named(name) for name in _NAMES}
_rules[tensors.of_data] = _named("tensor")
FUNCTIONS.update(_rules)
