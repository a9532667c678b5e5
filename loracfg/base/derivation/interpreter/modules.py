"""Rules for `torch.nn.Module` and for modules that hold others."""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any

from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    has_computed_keys,
    has_symbolic_length,
)
from loracfg.base.derivation.interpreter.expressions import (
    Expression,
    Operand,
    expression,
    loop_variable,
    simplified,
)
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.registry import FUNCTIONS, METHODS
from loracfg.base.derivation.interpreter.stand_ins import (
    containers,
    convolutions,
    layers,
    module,
    norms,
    tensors,
    turns,
)
from loracfg.base.derivation.interpreter.tensors import shape_of
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    UNKNOWN,
    Choice,
    Guarded,
    Instance,
    LibraryRaises,
    NamedEntries,
    NamedEntry,
    NotFollowed,
    Repeated,
    Symbol,
    Tensor,
    TurnsDepend,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]


def _argument(
    arguments: Arguments, keywords: Keywords, at: int, name: str, default: Value
) -> Value:
    """Return an argument that is given by place or by name."""
    return arguments[at] if len(arguments) > at else keywords.get(name, default)


def _nothing(_: Machine, __: Value, ___: Arguments, ____: Keywords) -> None:
    return None


def _itself(_: Machine, owner: Value, __: Arguments, ___: Keywords) -> Value:
    return owner


def _unknown(_: Machine, __: Value, ___: Arguments, ____: Keywords) -> Value:
    return UNKNOWN


# Registering -------------------------------------------------------------------------------------


def _check_name(name: Value) -> None:
    if not isinstance(name, str) or "." in name or not name:
        raise LibraryRaises("KeyError", str(name))


def _add_module(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
    name = _argument(arguments, kw, 0, "name", None)
    value = _argument(arguments, kw, 1, "module", None)
    machine.refuse_other_loop(owner)
    if isinstance(name, Symbol) and owner.children == []:
        owner.children = None  # its modules are found by name
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
    _check_name(name)
    machine.put(owner.attributes, name, value)
    if value is not None:
        machine.put(owner.registered, name, "module")


def _register_parameter(
    machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords
) -> None:
    name = _argument(arguments, kw, 0, "name", None)
    value = _argument(arguments, kw, 1, "param", None)
    if isinstance(name, Symbol):
        machine.set_attribute(owner, name, value)
        return
    _check_name(name)
    if value is None:
        machine.put(owner.attributes, name, None)
    else:
        machine.set_attribute(owner, name, value)


def _register_buffer(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
    name = _argument(arguments, kw, 0, "name", None)
    value = _argument(arguments, kw, 1, "tensor", None)
    persistent = _argument(arguments, kw, 2, "persistent", True)
    if not isinstance(persistent, bool):
        _register_either(machine, owner, name, value, machine.truth(persistent))
        return

    def register(value: Value) -> None:
        shape = value.shape if isinstance(value, Tensor) else None
        buffer = Tensor(shape, "buffer", persistent)
        if isinstance(name, Symbol):
            machine.set_attribute(owner, name, buffer)
            return
        machine.put(owner.attributes, name, buffer)
        machine.put(owner.registered, name, "buffer" if persistent else "hidden")

    if not isinstance(name, Symbol):
        _check_name(name)
        if value is None:
            machine.put(owner.attributes, name, None)
            return
    machine.lift(value, lambda one: None if one is None else register(one))


def _register_either(
    machine: Machine, owner: Instance, name: Value, value: Value, is_saved: Operand
) -> None:
    """Register a buffer that is saved where a condition holds."""

    def register(persistent: bool) -> None:
        _register_buffer(machine, owner, [name, value, persistent], {})

    machine.branch(is_saved, lambda: register(True), lambda: register(False))


# Lists and dicts of modules ----------------------------------------------------------------------


def _children(owner: Instance) -> list[Value]:
    assert owner.children is not None
    return owner.children


def _make_list(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
    given = _argument(arguments, kw, 0, "modules", None)

    def fill(value: Value) -> None:
        if value is None:
            return
        if isinstance(value, Symbol):
            raise NotFollowed("modules of a symbol")
        machine.put_list(_children(owner), machine.entries_of(value))

    machine.lift(given, fill)


def _make_sequential(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> None:
    if len(arguments) == 1 and isinstance(arguments[0], collections.OrderedDict):
        if has_computed_keys(arguments[0]):
            owner.children = None
            for name, one in arguments[0].items():
                if isinstance(name, NamedEntries):
                    _add_entries(machine, owner, [_as_module(entry) for entry in name.entries])
                else:
                    _add_module(machine, owner, [name, one], {})
            return
        owner.child_names = machine.note_made(list(arguments[0]))
        arguments = list(arguments[0].values())
    machine.put_list(_children(owner), arguments)


def _append(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> Value:
    machine.refuse_other_loop(owner)
    if owner.child_names:
        raise NotFollowed("a module without a name among some with names")
    value = _argument(arguments, kw, 0, "module", None)
    machine.put_list(_children(owner), [*_children(owner), value])
    return owner


def _extend(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> Value:
    machine.refuse_other_loop(owner)

    def add(value: Value) -> Value:
        more = machine.entries_of(value)
        machine.put_list(_children(owner), [*_children(owner), *more])
        return owner

    return machine.lift(arguments[0], add)


def _insert(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> None:
    machine.refuse_other_loop(owner)
    at, value = arguments
    if not isinstance(at, int) or (has_symbolic_length(_children(owner)) and at != 0):
        raise NotFollowed("insert into a symbolic module list")
    entries = list(_children(owner))
    entries.insert(at, value)
    machine.put_list(_children(owner), entries)


def _length(machine: Machine, owner: Instance, _: Arguments, __: Keywords) -> Value:
    return machine.call_builtin(len, [owner], {})


def _update_dict(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
    given = _argument(arguments, kw, 0, "modules", None)

    def update(value: Value) -> None:
        if value is None:
            return
        if isinstance(value, Instance) and issubclass(value.cls, containers.ModuleDict):
            value = {name: value.attributes[name] for name in machine.names_of(value)}
        if isinstance(value, list):
            value = _as_dict(value)
        if not isinstance(value, dict):
            raise NotFollowed("ModuleDict")
        for name, one in value.items():
            if isinstance(name, NamedEntries):
                _add_entries(machine, owner, [_as_module(entry) for entry in name.entries])
            else:
                machine.set_item(owner, name, one)

    machine.lift(given, update)


def _as_dict(pairs: list[Value]) -> dict[Any, Value]:
    """Return a dict of pairs; those of loops and branches are under `NamedEntries`."""
    made: dict[Any, Value] = {}
    for pair in pairs:
        if isinstance(pair, (Guarded, Repeated)):
            named = NamedEntries()
            named.entries = [_as_entry(pair)]
            made[named] = "named"
        else:
            made[pair[0]] = pair[1]
    return made


def _as_entry(pair: Value) -> Value:
    if isinstance(pair, Guarded):
        return Guarded(pair.condition, _as_entry(pair.value))
    if isinstance(pair, Repeated):
        return Repeated(pair.index, pair.count, [_as_entry(item) for item in pair.items])
    name = as_expression(pair[0])
    if not isinstance(name, Expression):
        raise NotFollowed("ModuleDict")
    return NamedEntry(name, "module", pair[1])


def _as_module(entry: Value) -> Value:
    """Return an entry of a dict as that of a module."""
    if isinstance(entry, Guarded):
        return Guarded(entry.condition, _as_module(entry.value))
    if isinstance(entry, Repeated):
        return Repeated(entry.index, entry.count, [_as_module(item) for item in entry.items])
    return NamedEntry(entry.name, "module", entry.value)


def _add_entries(machine: Machine, owner: Instance, entries: list[Value]) -> None:
    """Register modules or parameters with names that are computed."""
    last = next(reversed(owner.registered), None)
    if not isinstance(last, NamedEntries):
        last = NamedEntries()
        machine.note_made(last.entries)
        machine.put(owner.registered, last, "named")
    for entry in entries:
        machine.put_list(last.entries, [*last.entries, entry])
        _require_names(machine, entry)


def _require_names(machine: Machine, entry: Value) -> None:
    """Require that what is computed is a name of a module."""
    if isinstance(entry, Guarded):
        machine.branch(entry.condition, lambda: _require_names(machine, entry.value), lambda: None)
    elif isinstance(entry, Repeated):
        if entry.index != machine.loop_depth:
            raise NotFollowed("names of another loop")
        items = entry.items
        machine.repeat_values(
            entry.count, lambda _: [_require_names(machine, item) for item in items]
        )
    else:
        machine.require(expression("name", entry.name))


def _dict_values(machine: Machine, owner: Instance, _: Arguments, __: Keywords) -> Value:
    return [owner.attributes[name] for name in machine.names_of(owner)]


def _dict_items(machine: Machine, owner: Instance, _: Arguments, __: Keywords) -> Value:
    return [(name, owner.attributes[name]) for name in machine.names_of(owner)]


def _dict_keys(machine: Machine, owner: Instance, _: Arguments, __: Keywords) -> Value:
    return machine.names_of(owner)


def _as_parameter(value: Value) -> Value:
    return Tensor(value.shape, "parameter") if isinstance(value, Tensor) else value


def _make_parameters(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> None:
    values = machine.entries_of(arguments[0]) if arguments and arguments[0] is not None else []
    for number, value in enumerate(values):
        if isinstance(value, Repeated):
            if len(values) > 1:
                raise NotFollowed("a symbolic ParameterList")
            _repeated_parameters(machine, owner, value)
        elif isinstance(value, Guarded):
            raise NotFollowed("a symbolic ParameterList")
        else:
            machine.set_attribute(owner, str(number), _as_parameter(value))


def _repeated_parameters(machine: Machine, owner: Instance, values: Repeated) -> None:
    """Register a parameter for each turn."""
    if len(values.items) != 1 or isinstance(values.items[0], (Guarded, Repeated)):
        raise NotFollowed("a symbolic ParameterList")
    name = expression("fmt", loop_variable(values.index))
    entry = NamedEntry(name, "parameter", _as_parameter(values.items[0]))
    _add_entries(machine, owner, [Repeated(values.index, values.count, [entry])])


def _append_parameter(
    machine: Machine, owner: Instance, arguments: Arguments, _: Keywords
) -> Value:
    if machine.path.loops()[len(owner.loops) :]:
        raise TurnsDepend("a ParameterList grows in a loop")
    name = str(len(machine.names_of(owner)))
    machine.set_attribute(owner, name, _as_parameter(arguments[0]))
    return owner


def _set_parameter(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> None:
    machine.set_attribute(owner, arguments[0], _as_parameter(arguments[1]))


def _parameters(_: Machine, __: Value, ___: Arguments, ____: Keywords) -> Value:
    """Return one unknown parameter for all: nothing may depend on it."""
    return [UNKNOWN]


METHODS.update(
    {
        (module.Module, "parameters"): _parameters,
        (module.Module, "__init__"): _nothing,
        (layers._Plain, "__init__"): _nothing,
        (module.Module, "register_buffer"): _register_buffer,
        (module.Module, "register_parameter"): _register_parameter,
        (module.Module, "add_module"): _add_module,
        (module.Module, "register_module"): _add_module,
        (module.Module, "apply"): _itself,
        (module.Module, "_self"): _itself,
        (module.Module, "_nothing"): _unknown,
        (containers.ModuleList, "__init__"): _make_list,
        (containers.ModuleList, "append"): _append,
        (containers.ModuleList, "extend"): _extend,
        (containers.ModuleList, "insert"): _insert,
        (containers.ModuleList, "__len__"): _length,
        (containers.Sequential, "__init__"): _make_sequential,
        (containers.ModuleDict, "__init__"): _update_dict,
        (containers.ModuleDict, "update"): _update_dict,
        (containers.ModuleDict, "keys"): _dict_keys,
        (containers.ModuleDict, "values"): _dict_values,
        (containers.ModuleDict, "items"): _dict_items,
        (containers.ParameterList, "__init__"): _make_parameters,
        (containers.ParameterList, "append"): _append_parameter,
        (containers.ParameterDict, "__setitem__"): _set_parameter,
    }
)


# Layers ------------------------------------------------------------------------------------------


def _make_norm(*, has_bias: bool) -> Callable[[Machine, Instance, Arguments, Keywords], None]:
    """Return the rule of a constructor of a norm over the last dimensions."""
    names = ["normalized_shape", "eps", "elementwise_affine", *(["bias"] if has_bias else [])]

    def make(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
        given: dict[str, Any] = {"eps": 1e-5, "elementwise_affine": True, "bias": True}
        given |= {**dict(zip(names, arguments, strict=False)), **kw}
        shape = given["normalized_shape"]
        if isinstance(shape, Choice):
            shape = machine.lift(shape, lambda one: one)
        if isinstance(shape, Choice):
            raise NotFollowed("a shape is a choice")
        if isinstance(shape, Symbol):
            machine.require(expression("isinst", shape.expression, "int"))
        sizes = tuple(shape) if isinstance(shape, (list, tuple)) else (shape,)
        owner.attributes["normalized_shape"] = sizes
        owner.attributes["eps"] = given["eps"]

        def with_weight() -> None:
            found = shape_of(machine, list(sizes))
            machine.set_attribute(owner, "weight", Tensor(found, "parameter"))
            if has_bias:
                machine.branch(machine.truth(given["bias"]), with_bias, without_bias)

        def with_bias() -> None:
            machine.set_attribute(owner, "bias", Tensor(sizes, "parameter"))

        def without_bias() -> None:
            machine.put(owner.attributes, "bias", None)

        def without() -> None:
            machine.put(owner.attributes, "weight", None)
            machine.put(owner.attributes, "bias", None)

        machine.branch(machine.truth(given["elementwise_affine"]), with_weight, without)

    return make


METHODS[norms.LayerNorm, "__init__"] = _make_norm(has_bias=True)
METHODS[norms.RMSNorm, "__init__"] = _make_norm(has_bias=False)


def _normed(
    machine: Machine, arguments: Arguments, kw: Keywords
) -> tuple[Instance, str, Tensor, tuple[Value, ...]]:
    """Return a module whose weight gets a norm, the weight's name, the weight, and its norm's shape."""
    owner = arguments[0]
    name = _argument(arguments, kw, 1, "name", "weight")
    dim = _argument(arguments, kw, 2, "dim", 0)
    if not isinstance(owner, Instance):
        raise NotFollowed("weight norm of a choice")
    machine.refuse_other_loop(owner)
    weight = owner.attributes.get(name)
    if not isinstance(weight, Tensor) or weight.shape is None or isinstance(dim, Symbol):
        raise NotFollowed("weight norm")
    shape: tuple[Value, ...] = ()
    if dim is not None and dim != -1:
        kept = dim % len(weight.shape)
        shape = tuple(size if n == kept else 1 for n, size in enumerate(weight.shape))
        machine.require(simplified("<", 0, as_expression(weight.shape[kept])))
    machine.put(owner.attributes, name, MISSING)
    machine.put(owner.registered, name, MISSING)
    return owner, name, weight, shape


def _weight_norm(machine: Machine, arguments: Arguments, kw: Keywords) -> Value:
    owner, name, weight, shape = _normed(machine, arguments, kw)
    machine.set_attribute(owner, f"{name}_g", Tensor(shape, "parameter"))
    machine.set_attribute(owner, f"{name}_v", Tensor(weight.shape, "parameter"))
    machine.put(owner.attributes, name, Tensor(weight.shape))
    return owner


def _parametrized_weight_norm(machine: Machine, arguments: Arguments, kw: Keywords) -> Value:
    owner, name, weight, shape = _normed(machine, arguments, kw)
    if "parametrizations" in owner.registered:
        raise NotFollowed("two weight norms")
    machine.put(owner.special, "class_name", f"Parametrized{owner.cls.__name__}")
    by_name = machine.make_instance(containers.ModuleDict)
    one = machine.make_instance(norms.ParametrizationList)
    norm = machine.make_instance(norms._WeightNorm)
    assert one.children is not None
    one.children.append(norm)
    machine.set_attribute(one, "original0", Tensor(shape, "parameter"))
    machine.set_attribute(one, "original1", Tensor(weight.shape, "parameter"))
    machine.put(by_name.attributes, name, one)
    machine.put(by_name.registered, name, "module")
    machine.set_attribute(owner, "parametrizations", by_name)
    machine.put(owner.attributes, name, Tensor(weight.shape))
    return owner


def _parameter(machine: Machine, arguments: Arguments, _: Keywords) -> Value:
    return Tensor(shape_of(machine, arguments), "parameter")


def _made(machine: Machine, arguments: Arguments, _: Keywords) -> Value:
    shape = arguments[0] if arguments else ()
    if not isinstance(shape, (tuple, list)):
        return Tensor(None)
    return Tensor(shape_of(machine, [tuple(shape)]))


def _sizes(_: Machine, arguments: Arguments, __: Keywords) -> Value:
    shape = arguments[0]
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = shape[0]
    return tuple(shape)


def _tupled(machine: Machine, arguments: Arguments, _: Keywords) -> Value:
    """Return the sizes of a kernel, for each dimension or for all."""
    dims, value = arguments
    if isinstance(value, Choice):
        return machine.lift(value, lambda one: _tupled(machine, [dims, one], {}))
    if isinstance(value, Symbol):
        operand = value.expression
        is_many = expression("isinst", operand, "Iterable")
        right = expression("==", expression("call", "len", operand), dims)
        machine.require(expression("if", is_many, right, True))
        return tuple(
            Symbol(expression("if", is_many, expression("[]", operand, n), operand))
            for n in range(dims)
        )
    return tuple(value) if isinstance(value, (list, tuple)) else (value,) * dims


def _range(machine: Machine, arguments: Arguments, _: Keywords) -> Value:
    return machine.call_builtin(range, arguments, {})


FUNCTIONS.update(
    {
        module.parameter: _parameter,
        tensors.made: _made,
        tensors.sizes: _sizes,
        convolutions._tupled: _tupled,
        norms.weight_norm: _weight_norm,
        norms.parametrized_weight_norm: _parametrized_weight_norm,
        turns.range: _range,
        turns.count_module: lambda *_: None,
    }
)
