"""Declares the methods of the interpreter, which its classes share."""

from __future__ import annotations

import ast
import types
from abc import abstractmethod
from collections.abc import Callable

from loracfg.base.derivation.interpreter.branches import Branches
from loracfg.base.derivation.interpreter.callables import BoundMethod, Frame, Function
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
)
from loracfg.base.derivation.interpreter.flow import NO_FLOW, Flow
from loracfg.base.derivation.interpreter.values import (
    Exit,
    InnerModel,
    Instance,
    ModelPart,
    RepeatedEntries,
    Segments,
    Symbol,
    SymbolicTensor,
    Turns,
    Value,
)


class Machine(Branches):
    """Declares what its subclasses interpret."""

    @abstractmethod
    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """Return the value of an expression of the constructor."""

    @abstractmethod
    def run_block(
        self, statements: list[ast.stmt], frame: Frame, flow: Flow = NO_FLOW
    ) -> Exit | None:
        """Run statements and the code after them; return how they end if they end early."""

    @abstractmethod
    def run_for(self, loop: ast.For, frame: Frame, flow: Flow) -> Exit | None:
        """Run a `for` loop and the code after it."""

    @abstractmethod
    def repeat(
        self,
        count: Operand,
        run: Callable[[Value], list[Value]],
        frame: Frame,
        stored: list[str],
    ) -> list[Value]:
        """Return the entries of all turns of a comprehension."""

    @abstractmethod
    def run_while(self, loop: ast.While, frame: Frame, flow: Flow) -> Exit | None:
        """Run a `while` loop and the code after it."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Set a variable, an attribute or an item."""

    @abstractmethod
    def unpack(self, value: Value, count: int) -> list[Value]:
        """Return the entries of a value, which must have this many."""

    @abstractmethod
    def iterate(self, value: Value) -> list[Value] | Turns | Segments:
        """Return the items of a loop over a value."""

    @abstractmethod
    def entries_of(self, value: Value) -> list[Value]:
        """Return the entries of an iterable as a list, which may be conditional or repeated."""

    @abstractmethod
    def get_attribute(self, owner: Value, name: Value) -> Value:
        """Return an attribute."""

    @abstractmethod
    def set_attribute(self, owner: Value, name: Value, value: Value) -> None:
        """Set an attribute."""

    @abstractmethod
    def get_item(self, owner: Value, key: Value) -> Value:
        """Return an item."""

    @abstractmethod
    def set_item(self, owner: Value, key: Value, value: Value) -> None:
        """Set an item."""

    @abstractmethod
    def operate(self, operator: str, left: Value, right: Value) -> Value:
        """Return the result of a binary operator."""

    @abstractmethod
    def compare(self, operator: str, left: Value, right: Value) -> Value:
        """Return the result of a comparison."""

    @abstractmethod
    def call(self, function: Value, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Call a function, a class or a module."""

    @abstractmethod
    def run_function(
        self,
        function: types.FunctionType | Function,
        arguments: list[Value],
        keywords: dict[str, Value],
        method: BoundMethod | None,
    ) -> Value:
        """Interpret a function of the library, of a stand-in or of interpreted code."""

    @abstractmethod
    def instantiate(self, cls: type, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Create an instance of a class."""

    @abstractmethod
    def call_builtin(
        self, function: object, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a function of Python."""

    # Changes

    # Requirements

    # Branches

    @abstractmethod
    def from_file(self, value: object) -> Value:
        """Return a value of a loaded module as one of the interpreter's values."""

    @abstractmethod
    def run_body(self, statements: list[ast.stmt], frame: Frame) -> Value:
        """Run the body of a function; return its result."""

    @abstractmethod
    def repeat_value(self, count: Operand, at: Callable[[Value], Value]) -> RepeatedEntries:
        """Return an entry for each turn; computing it must change nothing."""

    @abstractmethod
    def repeat_values(self, count: Operand, run: Callable[[Value], list[Value]]) -> list[Value]:
        """Return the entries of a turn; computing them must change nothing."""

    @abstractmethod
    def find(self, cls: type, name: Value, after: type | None = None) -> tuple[Value, type] | None:
        """Return an attribute of a class, and the class that defines it."""

    @abstractmethod
    def names_of(self, value: Instance) -> list[object]:
        """Return the registered names."""

    @abstractmethod
    def is_set(self, value: Value) -> Operand:
        """Return the condition under which an attribute or key exists."""

    @abstractmethod
    def make_instance(self, cls: type) -> Instance:
        """Return an instance of a class without running its constructor."""

    @abstractmethod
    def refuse_computed(self, owner: Instance, name: str) -> None:
        """Decline registering a name that a computed name may equal."""

    @abstractmethod
    def refuse_open_place(self, owner: Instance, name: str) -> None:
        """Decline registering a name again that already has a place only for some configs."""

    @abstractmethod
    def refuse_other_loop(self, owner: Instance) -> None:
        """Decline changing a module of a loop from outside the loop."""

    @abstractmethod
    def register_named(
        self, owner: Instance, name: Expression, kind: str | None, value: Value
    ) -> None:
        """Register a module, parameter or buffer under a computed name."""

    @abstractmethod
    def delete_attribute(self, owner: Value, name: str) -> None:
        """Delete an attribute."""

    @abstractmethod
    def set_config_attribute(self, owner: Symbol, name: str, value: Value) -> None:
        """Set an attribute of a config, for later reads."""

    @abstractmethod
    def append_to_attribute(self, owner: Symbol, value: Value) -> None:
        """Append to a list that is an attribute of a config."""

    @abstractmethod
    def call_method(self, owner: Value, name: str, *arguments: Value, **keywords: Value) -> Value:
        """Call a method of a list, dict, tuple, set or text."""

    @abstractmethod
    def broadcast(self, first: tuple[Value, ...], second: tuple[Value, ...]) -> SymbolicTensor:
        """Return a tensor of the shape that two shapes broadcast to."""

    @abstractmethod
    def make_model(self, mapping: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Return the model that an `AutoModel` creates from a config."""

    @abstractmethod
    def model_has(self, owner: InnerModel | ModelPart, name: Value) -> Value:
        """Return whether an inner model, or a part of it, has an attribute."""

    @abstractmethod
    def get_model_attribute(self, owner: InnerModel, name: Value) -> Value:
        """Return an attribute of an inner model."""

    @abstractmethod
    def get_part_attribute(self, owner: ModelPart, name: Value) -> Value:
        """Return an attribute of a part of an inner model."""

    @abstractmethod
    def call_part(
        self, part: ModelPart, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a method of an inner model."""
