"""Defines callables and the variables of a call."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from loracfg.base.derivation.interpreter.expressions import Expression


class Frame:
    """The variables of one call.

    Attributes:
        variables: The local variables.
        module: The globals of the file.
        outer: The frame of the enclosing function, if any.
        owner: The class that the function belongs to.
        self_value: The object of a method call.
    """

    __slots__ = ("module", "outer", "owner", "self_value", "variables")

    def __init__(
        self,
        variables: dict[str, Any],
        module: dict[str, Any],
        outer: Frame | None,
        owner: type | None,
        self_value: Any,
    ) -> None:
        self.variables, self.module, self.outer = variables, module, outer
        self.owner, self.self_value = owner, self_value


class Function:
    """A function or lambda that interpreted code defines."""

    __slots__ = ("defaults", "frame", "keyword_defaults", "name", "node")

    def __init__(
        self,
        node: ast.FunctionDef | ast.Lambda,
        frame: Frame,
        defaults: list[Any],
        keyword_defaults: list[Any],
        name: str,
    ) -> None:
        self.node, self.frame, self.name = node, frame, name
        self.defaults, self.keyword_defaults = defaults, keyword_defaults


class BoundMethod:
    """A method of an object; `owner` is the class that defines it."""

    __slots__ = ("function", "owner", "self_value")

    def __init__(self, self_value: Any, function: Any, owner: type | None) -> None:
        self.self_value, self.function, self.owner = self_value, function, owner


class Native:
    """A function of the interpreter itself."""

    __slots__ = ("function", "name")

    def __init__(self, function: Callable[..., Any], name: str = "") -> None:
        self.function, self.name = function, name


class Spread:
    """All arguments of a call if their number is unknown: a sequence of sizes."""

    __slots__ = ("sizes",)

    def __init__(self, sizes: Expression) -> None:
        self.sizes = sizes


class Super:
    """The result of `super()`: attributes after `owner` in the method resolution order."""

    __slots__ = ("owner", "self_value")

    def __init__(self, self_value: Any, owner: type | None) -> None:
        self.self_value, self.owner = self_value, owner


class Partial:
    """The result of `functools.partial`."""

    __slots__ = ("arguments", "function", "keywords")

    def __init__(self, function: Any, arguments: list[Any], keywords: dict[str, Any]) -> None:
        self.function, self.arguments, self.keywords = function, arguments, keywords


class TorchFunction:
    """A function of `torch`, by name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name
