"""What an interpreter does, whichever class of it does it."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from loracfg.base.derivation.interpreter.branches import Branches
from loracfg.base.derivation.interpreter.callables import Frame
from loracfg.base.derivation.interpreter.expressions import (
    Operand,
)
from loracfg.base.derivation.interpreter.flow import NO_FLOW, Flow
from loracfg.base.derivation.interpreter.values import Exit, Segments, Turns, Value


class Machine(Branches):
    """Declares what its subclasses interpret."""

    @abstractmethod
    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """Return the value of an expression of the constructor."""

    @abstractmethod
    def run_block(
        self, statements: list[ast.stmt], frame: Frame, flow: Flow = NO_FLOW
    ) -> Exit | None:
        """Run statements and what follows them; return how they end if they end early."""

    @abstractmethod
    def run_for(self, loop: ast.For, frame: Frame, flow: Flow) -> Exit | None:
        """Run a `for` loop and what follows it."""

    @abstractmethod
    def repeat(
        self,
        count: Operand,
        run: Callable[[Value], list[Value]],
        frame: Frame,
        stored: list[str],
    ) -> list[Value]:
        """Return the entries that all turns of a comprehension give."""

    @abstractmethod
    def run_while(self, loop: ast.While, frame: Frame, flow: Flow) -> Exit | None:
        """Run a `while` loop and what follows it."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Set a variable, an attribute or an item."""

    @abstractmethod
    def iterate(self, value: Value) -> list[Value] | Turns | Segments:
        """Return what a loop over a value goes over."""

    @abstractmethod
    def entries_of(self, value: Value) -> list[Value]:
        """Return the entries of an iterable as a list, maybe with `Repeated` and `Guarded`."""

    @abstractmethod
    def get_attribute(self, owner: Value, name: Any) -> Value:
        """Return an attribute."""

    @abstractmethod
    def set_attribute(self, owner: Value, name: Any, value: Value) -> None:
        """Set an attribute."""

    @abstractmethod
    def get_item(self, owner: Value, key: Value) -> Value:
        """Return an item."""

    @abstractmethod
    def set_item(self, owner: Value, key: Value, value: Value) -> None:
        """Set an item."""

    @abstractmethod
    def operate(self, operator: str, left: Value, right: Value) -> Value:
        """Return what a binary operator gives."""

    @abstractmethod
    def compare(self, operator: str, left: Value, right: Value) -> Value:
        """Return what a comparison gives."""

    @abstractmethod
    def call(self, function: Value, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Call a function, a class or a module."""

    @abstractmethod
    def instantiate(self, cls: type, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Make an object of a class."""

    @abstractmethod
    def call_builtin(
        self, function: Any, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a function of Python."""

    # Changes

    # What has to hold

    # Branches
