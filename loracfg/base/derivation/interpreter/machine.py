"""What an interpreter does, whichever class of it does it."""

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
    Instance,
    ModelPart,
    OtherModel,
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
    def unpack(self, value: Value, count: int) -> list[Value]:
        """Return the entries of a value that must have so many."""

    @abstractmethod
    def iterate(self, value: Value) -> list[Value] | Turns | Segments:
        """Return what a loop over a value goes over."""

    @abstractmethod
    def entries_of(self, value: Value) -> list[Value]:
        """Return the entries of an iterable as a list, some maybe guarded or repeated."""

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
        """Return what a binary operator gives."""

    @abstractmethod
    def compare(self, operator: str, left: Value, right: Value) -> Value:
        """Return what a comparison gives."""

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
        """Make an object of a class."""

    @abstractmethod
    def call_builtin(
        self, function: object, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a function of Python."""

    # Changes

    # What has to hold

    # Branches

    @abstractmethod
    def from_file(self, value: object) -> Value:
        """Return a value that was made when the file was loaded, as one of the interpreter's."""

    @abstractmethod
    def run_body(self, statements: list[ast.stmt], frame: Frame) -> Value:
        """Run the body of a function; return what it returns."""

    @abstractmethod
    def repeat_value(self, count: Operand, at: Callable[[Value], Value]) -> RepeatedEntries:
        """Return an entry for each turn, whose computation changes nothing."""

    @abstractmethod
    def repeat_values(self, count: Operand, run: Callable[[Value], list[Value]]) -> list[Value]:
        """Return the entries of a turn, whose computation changes nothing."""

    @abstractmethod
    def find(self, cls: type, name: Value, after: type | None = None) -> tuple[Value, type] | None:
        """Return an attribute of a class, and the class that has it."""

    @abstractmethod
    def names_of(self, value: Instance) -> list[object]:
        """Return the names of what is registered."""

    @abstractmethod
    def is_set(self, value: Value) -> Operand:
        """Return the condition that an attribute or key is there."""

    @abstractmethod
    def make_instance(self, cls: type) -> Instance:
        """Return an object of a class whose constructor did not run."""

    @abstractmethod
    def refuse_computed(self, owner: Instance, name: str) -> None:
        """Refuse to register a name that a computed one may be."""

    @abstractmethod
    def refuse_open_place(self, owner: Instance, name: str) -> None:
        """Refuse to register a name again that has a place for some configs only."""

    @abstractmethod
    def refuse_other_loop(self, owner: Instance) -> None:
        """Refuse to change a module of a loop from outside of its loop."""

    @abstractmethod
    def register_named(
        self, owner: Instance, name: Expression, kind: str | None, value: Value
    ) -> None:
        """Register a module, parameter or buffer under a name that is computed."""

    @abstractmethod
    def delete_attribute(self, owner: Value, name: str) -> None:
        """Delete an attribute."""

    @abstractmethod
    def set_config_attribute(self, owner: Symbol, name: str, value: Value) -> None:
        """Set an attribute of a config, for what is read later on."""

    @abstractmethod
    def append_to_attribute(self, owner: Symbol, value: Value) -> None:
        """Append to a list that is an attribute of a config."""

    @abstractmethod
    def call_method(self, owner: Value, name: str, *arguments: Value, **keywords: Value) -> Value:
        """Call a method of a list, dict, tuple, set or text."""

    @abstractmethod
    def broadcast(self, first: tuple[Value, ...], second: tuple[Value, ...]) -> SymbolicTensor:
        """Return a tensor of the shape that two shapes have together."""

    @abstractmethod
    def make_model(self, mapping: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Return the model that an `AutoModel` makes of a config."""

    @abstractmethod
    def model_has(self, owner: OtherModel | ModelPart, name: Value) -> Value:
        """Return whether another model, or a part of it, has an attribute."""

    @abstractmethod
    def get_model_attribute(self, owner: OtherModel, name: Value) -> Value:
        """Return an attribute of another model."""

    @abstractmethod
    def get_part_attribute(self, owner: ModelPart, name: Value) -> Value:
        """Return an attribute of a part of another model."""

    @abstractmethod
    def call_part(
        self, part: ModelPart, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a method of another model."""
