"""What common layers refuse, each as one named check."""

from __future__ import annotations

from typing import Final

from loracfg.base.derivation.interpreter.conversion import as_expression, is_expressible, is_plain
from loracfg.base.derivation.interpreter.expressions import expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import FUNCTIONS, FunctionRule
from loracfg.base.derivation.interpreter.values import LibraryRaises, NotFollowed, Value
from loracfg.base.derivation.stand_ins import layers


def _named(name: str, function: object) -> FunctionRule:
    """Return the rule of a check: its name, on what it is called with."""

    def rule(machine: Machine, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if keywords or not all(map(is_expressible, arguments)):
            raise NotFollowed(f"{name} of what is not known")
        if arguments[-1] is None:  # no padding
            return
        if not all(map(is_plain, arguments)):
            machine.require(expression(name, *map(as_expression, arguments)))
            return
        try:
            function(*arguments)  # type: ignore[operator]
        except Exception as error:
            raise LibraryRaises(type(error).__name__, str(error)) from error

    return rule


_CHECKS: Final = {"padding": layers.check_padding, "probability": layers.check_probability}

FUNCTIONS.update({function: _named(name, function) for name, function in _CHECKS.items()})
