"""Recognises config classes in constructors of models."""

from __future__ import annotations

from typing import Final

from loracfg.base.derivation.interpreter.callables import BoundMethod
from loracfg.base.derivation.interpreter.values import Symbol, Value

_BASES: Final = ("PreTrainedConfig", "PretrainedConfig")
"""The base of all config classes, in transformers 5 and 4."""


def reads_description(method: BoundMethod, arguments: list[Value]) -> bool:
    """Return whether a call is the base class's `from_dict` on the result of `to_dict`."""
    is_reading = method.function.__name__ == "from_dict" and isinstance(method.self_value, type)
    if not is_reading or method.owner is None or method.owner.__name__ not in _BASES:
        return False
    given = arguments[0] if len(arguments) == 1 else None
    return isinstance(given, Symbol) and given.expression[::2] == ("mcall", "to_dict")


def is_config_class(cls: type) -> bool:
    """Return whether instances of a class are model configs."""
    return any(base.__name__ in _BASES for base in cls.__mro__)
