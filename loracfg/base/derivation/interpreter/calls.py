"""Interprets calls of functions and classes, by their source or by a rule."""

from __future__ import annotations

import ast
import collections
import functools
import inspect
import types
from typing import Any, Final

from loracfg.base.derivation.interpreter.arguments import (
    NOTHING,
    bind_arguments,
    spread_out,
    unspread,
)
from loracfg.base.derivation.interpreter.callables import (
    BoundMethod,
    Frame,
    Function,
    Native,
    Partial,
    Spread,
    Super,
    TorchFunction,
)
from loracfg.base.derivation.interpreter.config_classes import (
    is_config_class,
    reads_description,
)
from loracfg.base.derivation.interpreter.conversion import as_expression, is_expressible, is_plain
from loracfg.base.derivation.interpreter.diffusers import note_arguments
from loracfg.base.derivation.interpreter.distinct import are_numbers
from loracfg.base.derivation.interpreter.expressions import Expression, expression, negate
from loracfg.base.derivation.interpreter.layer_rules import ONLY_TIED, without_variable
from loracfg.base.derivation.interpreter.library_rules import freeze_batch_norms, sinusoid_table
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.pairs import make_dict
from loracfg.base.derivation.interpreter.registry import FUNCTIONS, METHODS
from loracfg.base.derivation.interpreter.shapes import shape_of
from loracfg.base.derivation.interpreter.stand_ins import (
    PACKAGE,
    Foreign,
    Module,
    Unknown,
    containers,
    functions,
    module,
    tensors,
)
from loracfg.base.derivation.interpreter.syntax import node_of
from loracfg.base.derivation.interpreter.torch_functions import call_torch, parameter
from loracfg.base.derivation.interpreter.values import (
    UNKNOWN,
    Choice,
    Instance,
    InstanceAt,
    LibraryRaises,
    ModelPart,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    Value,
    in_function,
)

_COUNTERS: Final = (collections.defaultdict, collections.deque, collections.Counter)


class Calls(Machine):
    """Interprets calls."""

    def evaluate_call(self, node: ast.Call, frame: Frame) -> Value:
        """Return the result of a call."""
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            within = frame
            while within.self_value is None and within.outer is not None:
                within = within.outer
            return Super(within.self_value, within.owner)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            owner = self.evaluate(node.func.value, frame)
            if isinstance(owner, Symbol) and isinstance(node.func.value, ast.Attribute):
                (argument,) = self.evaluate_arguments(node, frame)[0]
                self.append_to_attribute(owner, argument)
                return None
        function = self.evaluate(node.func, frame)
        if isinstance(function, type) and is_config_class(function):
            made = self._config_of_dict(function, node, frame)
            if made is not None:
                return made
        arguments, keywords = self.evaluate_arguments(node, frame)
        return self.lift(function, lambda one: self.call(one, arguments, keywords))

    def evaluate_arguments(
        self, node: ast.Call, frame: Frame
    ) -> tuple[list[Value], dict[str, Value]]:
        """Return the arguments of a call."""
        arguments: list[Value] = []
        keywords: dict[str, Value] = {}
        for one in node.args:
            if isinstance(one, ast.Starred):
                value = self.evaluate(one.value, frame)
                if isinstance(value, Symbol) and is_expressible(arguments):
                    more = expression("call", "list", value.expression)
                    if arguments:
                        more = expression("+", as_expression(arguments), more)
                    arguments = [Spread(more)]
                    continue
                arguments += self.entries_of(value)
            else:
                arguments.append(self.evaluate(one, frame))
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            if keyword.arg is not None:
                keywords[keyword.arg] = value
            elif isinstance(value, dict) and all(isinstance(key, str) for key in value):
                keywords.update(value)
            elif isinstance(value, Symbol):  # only an empty one is supported
                is_empty = negate(self.truth(value))
                self.require(expression("known", is_empty))
            else:
                raise NotFollowed("** of a symbol")
        return arguments, keywords

    def call(self, function: Value, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Call a function, a class or a module."""
        if isinstance(function, Choice):
            return self.lift(function, lambda one: self.call(one, arguments, keywords))
        if isinstance(function, Native):
            return function.function(*arguments, **keywords)
        if isinstance(function, functools.partial):
            function = Partial(function.func, list(function.args), function.keywords)
        if isinstance(function, Partial):
            more = {**function.keywords, **keywords}
            return self.call(function.function, [*function.arguments, *arguments], more)
        if isinstance(function, BoundMethod):
            return self._call_method(function, arguments, keywords)
        if isinstance(function, type):
            return self.instantiate(function, arguments, keywords)
        if isinstance(function, Function):
            return self.run_function(function, arguments, keywords, None)
        arguments = unspread(function, arguments)
        if isinstance(function, TorchFunction):
            return call_torch(self, function.name, arguments, keywords)
        if isinstance(function, types.FunctionType):
            return self._call_function(function, arguments, keywords)
        return self._call_value(function, arguments, keywords)

    def _call_value(
        self, function: Value, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call something other than a function of the library."""
        if isinstance(function, functools._lru_cache_wrapper):
            return self.call(function.__wrapped__, arguments, keywords)
        if isinstance(function, ModelPart):
            return self.call_part(function, arguments, keywords)
        if isinstance(function, (Instance, InstanceAt)) or function is UNKNOWN:
            return UNKNOWN
        if isinstance(function, Foreign):
            raise NotFollowed(f"another library: {function._name}")
        if isinstance(function, Unknown):
            return UNKNOWN
        if isinstance(function, Symbol):
            return self._call_config_method(function, arguments, keywords)
        return self.call_builtin(function, arguments, keywords)

    def _call_config_method(
        self, function: Symbol, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a method of a config's class."""
        operand = function.expression
        if operand[0] != "." or not isinstance(operand[2], str) or keywords:
            raise NotFollowed("a call of a symbol")
        owner = operand[1]
        assert isinstance(owner, Expression)
        if self.overlay.get(owner):
            raise NotFollowed("a method of a changed config")
        operands = map(as_expression, arguments)
        return self.evaluable(expression("mcall", owner, operand[2], *operands))

    def _call_method(
        self, method: BoundMethod, arguments: list[Any], keywords: dict[str, Any]
    ) -> Value:
        function, owner = method.function, method.owner
        if not isinstance(function, (types.FunctionType, Function)):
            if getattr(function, "__name__", "") == "__init__" and not (arguments or keywords):
                return None
            raise NotFollowed("a slot of a class")
        if isinstance(function, types.FunctionType):
            rule = METHODS.get((owner, function.__name__))
            if rule is not None:
                return rule(self, method.self_value, arguments, keywords)
            if reads_description(method, arguments) and not keywords:
                name = method.self_value.__name__
                return self.evaluable(expression("make", name, None, arguments[0].expression))
            if function.__name__ == "__init__" and isinstance(method.self_value, Instance):
                wrapped = self._call_wrapped(method, arguments, keywords)
                if wrapped:
                    return None
        return self.run_function(function, [method.self_value, *arguments], keywords, method)

    def _call_wrapped(
        self, method: BoundMethod, arguments: list[Value], keywords: dict[str, Value]
    ) -> bool:
        """Call a constructor if a decorator of the library wraps it; return whether one does."""
        function, instance = method.function, method.self_value
        cells = _closure_of(function)
        if "original" in cells and "is_transposed" in cells:  # experts
            self.call(BoundMethod(instance, cells["original"], method.owner), arguments, keywords)
            config = arguments[0] if arguments else keywords.get("config")
            self.set_attribute(instance, "config", config)
            self.set_attribute(instance, "is_transposed", cells["is_transposed"])
            return True
        init = getattr(function, "__wrapped__", None)
        if init is None:
            return False
        parameters = list(inspect.signature(init).parameters.values())[1:]
        values = {one.name: one.default for one in parameters if one.default is not one.empty}
        values.update(zip([one.name for one in parameters], arguments, strict=False))
        values.update(keywords)
        note_arguments(self, instance, values)
        self.run_function(init, [instance, *arguments], keywords, method)
        return True

    def _call_function(
        self,
        function: types.FunctionType,
        arguments: list[Value],
        keywords: dict[str, Value],
    ) -> Value:
        rule = FUNCTIONS.get(function)
        if rule is not None:
            return rule(self, arguments, keywords)
        if arguments and freeze_batch_norms(self, function, arguments):
            return None
        if function.__name__ == "get_sinusoid_encoding_table":
            return sinusoid_table(self, *arguments)
        cells = _closure_of(function)
        if function.__qualname__.startswith("auto_class.<locals>.from_config"):
            return self.make_model(cells["mapping"].name, arguments, keywords)
        if arguments and isinstance(arguments[0], Instance) and "." in function.__qualname__:
            name = function.__name__  # a method that is called through its class
            for cls in arguments[0].cls.__mro__:
                if cls.__dict__.get(name) is function:
                    return self.call(
                        BoundMethod(arguments[0], function, cls), arguments[1:], keywords
                    )
        return self.run_function(function, arguments, keywords, None)

    def run_function(
        self,
        function: types.FunctionType | Function,
        arguments: list[Value],
        keywords: dict[str, Value],
        method: BoundMethod | None,
    ) -> Value:
        """Interpret a function of the library, of a stand-in or of interpreted code."""
        if isinstance(function, Function):
            outer: Frame | None = function.frame
            node, file = function.node, function.frame.module
            owner, self_value = function.frame.owner, None
            defaults, keyword_defaults = function.defaults, function.keyword_defaults
        else:
            if not self.is_followed(function):
                return self.call_builtin(function, arguments, keywords)
            if function.__name__ == "<lambda>" and function.__module__.endswith("unknown"):
                return UNKNOWN
            node, file = node_of(function), function.__globals__
            cells = _closure_of(function)
            outer = Frame(cells, file, None, None, None) if cells else None
            owner = method.owner if method else None
            self_value = method.self_value if method else None
            defaults = list(function.__defaults__ or ())
            given = function.__kwdefaults__ or {}
            keyword_defaults = [given.get(one.arg, NOTHING) for one in node.args.kwonlyargs]
        if any(isinstance(one, Spread) for one in arguments):
            arguments = spread_out(self, node.args, arguments, keywords, defaults)
        variables = bind_arguments(node.args, arguments, keywords, defaults, keyword_defaults)
        own = self.note_made({name: self.from_file(one) for name, one in variables.items()})
        frame = Frame(own, file, outer, owner, self_value)
        if isinstance(node, ast.Lambda):
            return self.evaluate(node.body, frame)
        name = getattr(function, "__qualname__", "")
        only_tied = ONLY_TIED.get(name)
        body = without_variable(node.body, only_tied) if only_tied else node.body
        with in_function(name):
            return self.run_body(body, frame)

    def is_followed(self, function: types.FunctionType) -> bool:
        """Return whether a function is interpreted: those of the package and the stand-ins are."""
        name = getattr(function, "__module__", None) or ""
        return name.startswith((self.package, PACKAGE))

    # Classes

    def make_instance(self, cls: type) -> Instance:
        """Return an instance of a class without running its constructor."""
        made = Instance(cls, self.next_serial(), self.path.loops())
        if issubclass(cls, containers.ModuleList):
            made.children = []
        self.note_owner(made)
        if issubclass(cls, Module):
            made.attributes["training"] = True
        return made

    def instantiate(self, cls: type, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Create an instance of a class."""
        if issubclass(cls, tensors.Tensor):
            return self._make_tensor(cls, arguments, keywords)
        if cls is functions.Torch.Size:
            (sizes,) = arguments
            if isinstance(sizes, Symbol):
                return Symbol(expression("call", "tuple", sizes.expression))
            return tuple(self.entries_of(sizes))
        if issubclass(cls, Module) or cls.__module__.startswith((self.package, PACKAGE)):
            if hasattr(cls, "__dataclass_fields__"):
                make = self.make_config if is_config_class(cls) else self._make_record
                return make(cls, arguments, keywords)
            made = self.make_instance(cls)
            self.call(self.get_attribute(made, "__init__"), arguments, keywords)
            return made
        if issubclass(cls, dict) and cls.__module__.startswith("collections"):
            if cls in _COUNTERS:
                raise NotFollowed(f"{cls.__name__} of a symbol")
            return make_dict(self, cls, arguments, keywords)
        if cls in _COUNTERS:
            raise NotFollowed(cls.__name__)
        return self.call_builtin(cls, arguments, keywords)

    def _make_tensor(self, cls: type, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Create a tensor, parameter or buffer."""
        data = arguments[0] if arguments else keywords.get("data")
        if cls is module.Parameter:
            return self.lift(data, lambda one: parameter(self, one, keywords))
        if cls is not module.Buffer:
            return self._tensor(arguments)
        persistent = keywords.get("persistent", True)
        if not isinstance(persistent, bool):
            raise NotFollowed("a buffer that a config saves or not")
        return self.lift(data, lambda one: _buffer(one, persistent))

    def make_config(self, cls: type, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Create a config."""
        if arguments or not is_expressible(keywords):
            raise NotFollowed("a config is made by a constructor")
        pairs = [part for name, one in keywords.items() for part in (name, as_expression(one))]
        return self.evaluable(expression("config", cls.__name__, *pairs))

    def _config_of_dict(self, cls: type, node: ast.Call, frame: Frame) -> Value:
        """Create a config from all keys of an unknown dict; None for other calls."""
        if node.args or [one.arg for one in node.keywords] != [None]:
            return None
        values = self.evaluate(node.keywords[0].value, frame)
        if not isinstance(values, Symbol):
            return None
        return self.evaluable(expression("make", cls.__name__, None, values.expression))

    def _make_record(self, cls: type, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """Create an instance of a dataclass that is not a config."""
        if not all(map(is_plain, (*arguments, *keywords.values()))):
            raise NotFollowed("a record of values that are not known")
        try:
            record = cls(*arguments, **keywords)
        except (TypeError, ValueError) as error:
            raise LibraryRaises(type(error).__name__, str(error)) from error
        made = self.make_instance(cls)
        made.attributes |= {name: self.from_file(one) for name, one in vars(record).items()}
        return made

    def _tensor(self, arguments: list[Value]) -> Value:
        """Create a tensor like `torch.Tensor`: from sizes, or from a list."""
        if len(arguments) == 1 and isinstance(arguments[0], SymbolicTensor):
            return arguments[0]
        if arguments and all(isinstance(one, (int, Symbol)) for one in arguments):
            return SymbolicTensor(shape_of(self, arguments))
        data = arguments[0] if len(arguments) == 1 else None
        if type(data) is list and all(is_plain(one) and not isinstance(one, list) for one in data):
            return SymbolicTensor((len(data),))
        if type(data) is list and are_numbers(data):
            return SymbolicTensor((self.call_builtin(len, [data], {}),))
        return SymbolicTensor(None)


def _buffer(data: Value, persistent: bool) -> SymbolicTensor:
    shape = data.shape if isinstance(data, SymbolicTensor) else None
    return SymbolicTensor(shape, "buffer", persistent)


def _closure_of(function: types.FunctionType) -> dict[str, Any]:
    """Return the closure variables of a function."""
    cells = function.__closure__ or ()
    return {
        name: cell.cell_contents
        for name, cell in zip(function.__code__.co_freevars, cells, strict=True)
    }
