"""The rule for `inspect.signature`, which only gives the names of a method's parameters."""

from __future__ import annotations

import inspect
import types
from typing import Any

from loracfg.base.derivation.interpreter.callables import BoundMethod
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import FUNCTIONS
from loracfg.base.derivation.interpreter.stand_ins import PACKAGE
from loracfg.base.derivation.interpreter.values import NotFollowed, Value
from loracfg.base.derivation.stand_ins import records


def _signature(_: Machine, arguments: list[Any], __: dict[str, Any]) -> Value:
    """Return an object with the names of the parameters."""
    function = arguments[0]
    is_bound = isinstance(function, BoundMethod)
    if is_bound:
        function = function.function
    is_ours = getattr(function, "__module__", "").startswith(PACKAGE)  # it replaces any method
    if is_ours or not isinstance(function, types.FunctionType):
        raise NotFollowed("a signature")
    names = list(inspect.signature(function).parameters)
    return types.SimpleNamespace(parameters=dict.fromkeys(names[is_bound:]))


FUNCTIONS[records.inspect.signature] = _signature
