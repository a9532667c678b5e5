"""Rules for `torch.nn.Module` and for containers of modules."""

from __future__ import annotations

import types
from typing import Any, Final

from loracfg.base.derivation.interpreter.conversion import as_expression, has_symbolic_length
from loracfg.base.derivation.interpreter.expressions import Operand, expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import FUNCTIONS, METHODS, FunctionRule
from loracfg.base.derivation.interpreter.shapes import shape_of
from loracfg.base.derivation.interpreter.stand_ins import (
    containers,
    convolutions,
    layers,
    module,
    tensors,
    turns,
)
from loracfg.base.derivation.interpreter.syntax import node_of, only_sets_values
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    UNKNOWN,
    AnyModule,
    Choice,
    Instance,
    LibraryRaises,
    NotFollowed,
    Symbol,
    SymbolicTensor,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]


def argument(arguments: Arguments, keywords: Keywords, at: int, name: str, default: Value) -> Value:
    """Return an argument that is passed by position or by name."""
    return arguments[at] if len(arguments) > at else keywords.get(name, default)


def _nothing(_: Machine, __: Value, ___: Arguments, ____: Keywords) -> None:
    return None


def _itself(_: Machine, owner: Value, __: Arguments, ___: Keywords) -> Value:
    return owner


def _unknown(_: Machine, __: Value, ___: Arguments, ____: Keywords) -> Value:
    return UNKNOWN


def _check_name(machine: Machine, owner: Instance, name: Value, kinds: tuple[str, ...]) -> None:
    """Reject a name that torch does not allow for something of these kinds."""
    if isinstance(name, Symbol):
        machine.require(expression("name", name.expression))
        return
    if name is UNKNOWN:
        raise NotFollowed("a name that is not known")
    if not isinstance(name, str) or "." in name or not name:
        raise LibraryRaises("KeyError", str(name))
    machine.refuse_computed(owner, name)
    held = owner.registered.get(name, MISSING)
    if held in kinds:
        return
    if held is not MISSING:
        raise NotFollowed("a name that is registered again")
    is_taken = _is_taken(machine, owner, name)
    machine.branch(is_taken, lambda: _raise_taken(name), lambda: None)


def _is_taken(machine: Machine, owner: Instance, name: str) -> Operand:
    """Return the condition under which a module has an attribute that is not None."""
    value = owner.attributes.get(name, MISSING)
    if value is MISSING:
        return machine.find(owner.cls, name) is not None
    is_none = any(leaf is None for _, leaf in machine.leaves(value))
    return False if is_none else machine.is_set(value)


def _raise_taken(name: str) -> None:
    raise LibraryRaises("KeyError", name)


def add_module(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
    """Register a module."""
    name = argument(arguments, kw, 0, "name", None)
    value = argument(arguments, kw, 1, "module", None)
    machine.refuse_other_loop(owner)
    if isinstance(name, Symbol) and owner.children == []:
        owner.children = None  # its modules have names
    if owner.children is not None and issubclass(owner.cls, containers.Sequential):
        names = owner.child_names
        if names is None:
            if owner.children:
                raise NotFollowed("names of some modules of a list")
            names = owner.child_names = machine.note_made([])
        machine.put_list(names, [*names, name])
        machine.put_list(owner.children, [*owner.children, value])
        return
    if isinstance(name, Symbol):
        machine.register_named(owner, name.expression, "module", value)
        return
    _check_name(machine, owner, name, ("module",))
    machine.put(owner.attributes, name, value)
    machine.put(owner.registered, name, "module")  # None also has a place


def _register_parameter(
    machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords
) -> None:
    name = argument(arguments, kw, 0, "name", None)
    value = argument(arguments, kw, 1, "param", None)
    _check_name(machine, owner, name, ("parameter",))
    if isinstance(name, Symbol):
        machine.set_attribute(owner, name, value)
    elif value is None:
        machine.put(owner.attributes, name, None)
    else:
        machine.set_attribute(owner, name, value)


def _register_buffer(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
    name = argument(arguments, kw, 0, "name", None)
    value = argument(arguments, kw, 1, "tensor", None)
    persistent = argument(arguments, kw, 2, "persistent", True)
    if not isinstance(persistent, bool):
        _register_either(machine, owner, name, value, machine.truth(persistent))
        return

    def register(value: Value) -> None:
        shape = value.shape if isinstance(value, SymbolicTensor) else None
        if isinstance(name, Symbol):
            machine.set_attribute(owner, name, SymbolicTensor(shape, "buffer", persistent))
            return
        machine.put(owner.attributes, name, SymbolicTensor(shape))
        machine.put(owner.registered, name, "buffer" if persistent else "hidden")

    _check_name(machine, owner, name, ("buffer", "hidden"))
    if value is None and not isinstance(name, Symbol):
        machine.put(owner.attributes, name, None)
        machine.put(owner.registered, name, "buffer" if persistent else "hidden")
        return
    machine.lift(value, lambda one: None if one is None else register(one))


def _register_either(
    machine: Machine, owner: Instance, name: Value, value: Value, is_saved: Operand
) -> None:
    """Register a buffer that is only saved under a condition."""

    def register(persistent: bool) -> None:
        _register_buffer(machine, owner, [name, value, persistent], {})

    machine.branch(is_saved, lambda: register(True), lambda: register(False))


def _parameters(_: Machine, __: Value, ___: Arguments, ____: Keywords) -> Value:
    """Return a single unknown parameter, which nothing may depend on."""
    return [UNKNOWN]


def _get_submodule(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> Value:
    """Return a module by its path."""
    path: Any
    (path,) = arguments
    if isinstance(path, Symbol):
        return AnyModule()
    found: Value = owner
    for name in path.split(".") if path else ():
        is_listed = isinstance(found, Instance) and found.children is not None
        found = (
            machine.get_item(found, int(name)) if is_listed else machine.get_attribute(found, name)
        )
    return found


def _apply(_: Machine, own: Instance, arguments: Arguments, __: Keywords) -> Value:
    """Return a module after a function set the values of its weights."""
    (function,) = arguments
    held = getattr(function, "function", function)
    if not isinstance(held, types.FunctionType) or not only_sets_values(node_of(held)):
        raise NotFollowed("what is applied to modules")
    return own


METHODS.update(
    {
        (module.Module, "get_submodule"): _get_submodule,
        (module.Module, "parameters"): _parameters,
        (module.Module, "__init__"): _nothing,
        (layers._Plain, "__init__"): _nothing,
        (module.Module, "register_buffer"): _register_buffer,
        (module.Module, "register_parameter"): _register_parameter,
        (module.Module, "add_module"): add_module,
        (module.Module, "register_module"): add_module,
        (module.Module, "apply"): _apply,
        (module.Module, "_self"): _itself,
        (module.Module, "_nothing"): _unknown,
    }
)


def _parameter(machine: Machine, arguments: Arguments, _: Keywords) -> Value:
    return SymbolicTensor(shape_of(machine, arguments), "parameter")


def _made(machine: Machine, arguments: Arguments, _: Keywords) -> Value:
    shape = arguments[0] if arguments else ()
    if not isinstance(shape, (tuple, list)):
        return SymbolicTensor(None)
    return SymbolicTensor(shape_of(machine, [tuple(shape)]))


def _sizes(_: Machine, arguments: Arguments, __: Keywords) -> Value:
    shape: Any = arguments[0]
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = shape[0]
    return tuple(shape)


def _tupled(machine: Machine, arguments: Arguments, _: Keywords) -> Value:
    """Return the sizes of a kernel in each dimension, given one by one or once for all."""
    dims: Any
    dims, value = arguments
    if isinstance(value, Choice):
        return machine.lift(value, lambda one: _tupled(machine, [dims, one], {}))
    if has_symbolic_length(value):
        whole = as_expression(value)
        machine.require(expression("==", expression("call", "len", whole), dims))
        return tuple(machine.evaluable(expression("[]", whole, n)) for n in range(dims))
    if isinstance(value, Symbol):
        operand = value.expression
        is_many = expression("isinst", operand, "Iterable")
        right = expression("==", expression("call", "len", operand), dims)
        machine.require(expression("known", expression("if", is_many, right, True)))
        return tuple(
            Symbol(expression("if", is_many, expression("[]", operand, n), operand))
            for n in range(dims)
        )
    return tuple(value) if isinstance(value, (list, tuple)) else (value,) * dims


def _range(machine: Machine, arguments: Arguments, _: Keywords) -> Value:
    return machine.call_builtin(range, arguments, {})


_RULES: Final[dict[Any, FunctionRule]] = {
    module.parameter: _parameter,
    tensors.made: _made,
    tensors.sizes: _sizes,
    convolutions._tupled: _tupled,
    turns.range: _range,
    turns.count_module: lambda *_: None,
}
FUNCTIONS.update(_RULES)
