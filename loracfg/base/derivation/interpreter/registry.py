"""The rules for functions of the stand-ins and libraries that are not interpreted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from loracfg.base.derivation.interpreter.values import Value

MethodRule: TypeAlias = Callable[[Any, Any, list[Value], dict[str, Value]], Value]
"""Called with the interpreter, the method's object, the arguments and the keywords."""
FunctionRule: TypeAlias = Callable[[Any, list[Value], dict[str, Value]], Value]
"""Called with the interpreter, the arguments and the keywords."""

METHODS: Final[dict[tuple[type | None, str], MethodRule]] = {}
"""The rule of a method, by the class that defines it and its name."""
FUNCTIONS: Final[dict[Any, FunctionRule]] = {}
"""The rule of a function."""
