"""Rules for containers of modules and parameters, by number or name."""

from __future__ import annotations

import collections
from typing import Any

from loracfg.base.derivation.interpreter.binding import loop_variable
from loracfg.base.derivation.interpreter.conversion import (
    has_computed_keys,
    has_symbolic_length,
)
from loracfg.base.derivation.interpreter.expressions import expression
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.modules import Arguments, Keywords, add_module, argument
from loracfg.base.derivation.interpreter.pairs import dict_of_pairs
from loracfg.base.derivation.interpreter.registry import METHODS
from loracfg.base.derivation.interpreter.stand_ins import (
    containers,
)
from loracfg.base.derivation.interpreter.values import (
    Choice,
    GuardedEntry,
    Instance,
    NamedEntries,
    NamedEntry,
    NotFollowed,
    RepeatedEntries,
    Symbol,
    SymbolicTensor,
    TurnsDepend,
    Value,
)


def _children(owner: Instance) -> list[Value]:
    assert owner.children is not None
    return owner.children


def _modules(machine: Machine, entries: list[Value]) -> list[Value]:
    """Return the entries of a list of modules; only the last one may be None.

    Raises:
        NotFollowed: A different entry is None.
    """
    for entry in entries[:-1] if entries and entries[-1] is None else entries:
        inner = entry.items if isinstance(entry, RepeatedEntries) else []
        inner = [entry.value] if isinstance(entry, GuardedEntry) else inner
        _modules(machine, inner)
        if any(leaf is None for _, leaf in machine.leaves(entry)):
            raise NotFollowed("a list of modules without one of them")
    return entries


def _make_list(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
    given = argument(arguments, kw, 0, "modules", None)

    def fill(value: Value) -> None:
        if value is None:
            return
        if isinstance(value, Symbol):
            raise NotFollowed("modules of a symbol")
        machine.put_list(_children(owner), _modules(machine, machine.entries_of(value)))

    machine.lift(given, fill)


def _make_sequential(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> None:
    if len(arguments) == 1 and isinstance(arguments[0], Choice):
        leaves = [leaf for _, leaf in machine.leaves(arguments[0])]
        if any(isinstance(leaf, dict) for leaf in leaves):
            raise NotFollowed("a Sequential of one dict or another")
    if len(arguments) == 1 and isinstance(arguments[0], collections.OrderedDict):
        if has_computed_keys(arguments[0]):
            owner.children = None
            for name, one in arguments[0].items():
                if isinstance(name, NamedEntries):
                    _add_entries(machine, owner, [_as_module(entry) for entry in name.entries])
                else:
                    add_module(machine, owner, [name, one], {})
            return
        owner.child_names = machine.note_made(list(arguments[0]))
        arguments = list(arguments[0].values())
    machine.put_list(_children(owner), _modules(machine, arguments))


def _refuse_names(owner: Instance) -> None:
    """Decline adding a module without a name to modules with names."""
    if owner.child_names is not None:
        raise NotFollowed("a module without a name among some with names")


def _append(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> Value:
    machine.refuse_other_loop(owner)
    _refuse_names(owner)
    value = argument(arguments, kw, 0, "module", None)
    machine.put_list(_children(owner), _modules(machine, [*_children(owner), value]))
    return owner


def _extend(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> Value:
    machine.refuse_other_loop(owner)
    _refuse_names(owner)

    def add(value: Value) -> Value:
        both = [*_children(owner), *machine.entries_of(value)]
        machine.put_list(_children(owner), _modules(machine, both))
        return owner

    return machine.lift(arguments[0], add)


def _insert(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> None:
    machine.refuse_other_loop(owner)
    _refuse_names(owner)
    at, value = arguments
    if not isinstance(at, int) or (has_symbolic_length(_children(owner)) and at != 0):
        raise NotFollowed("insert into a symbolic module list")
    entries = list(_children(owner))
    entries.insert(at, value)
    machine.put_list(_children(owner), _modules(machine, entries))


def _length(machine: Machine, owner: Instance, _: Arguments, __: Keywords) -> Value:
    return machine.call_builtin(len, [owner], {})


def _update_dict(machine: Machine, owner: Instance, arguments: Arguments, kw: Keywords) -> None:
    given = argument(arguments, kw, 0, "modules", None)

    def update(value: Value) -> None:
        if value is None:
            return
        if isinstance(value, Instance) and issubclass(value.cls, containers.ModuleDict):
            value = {name: value.attributes[name] for name in machine.names_of(value)}
        if isinstance(value, list):
            value = dict_of_pairs(value)
        if not isinstance(value, dict):
            raise NotFollowed("ModuleDict")
        for name, one in value.items():
            if isinstance(name, NamedEntries):
                _add_entries(machine, owner, [_as_module(entry) for entry in name.entries])
            else:
                machine.set_item(owner, name, one)

    machine.lift(given, update)


def _as_module(entry: Any) -> Value:
    """Return an entry of a dict as an entry of a module."""
    if isinstance(entry, GuardedEntry):
        return GuardedEntry(entry.condition, _as_module(entry.value))
    if isinstance(entry, RepeatedEntries):
        return RepeatedEntries(entry.index, entry.count, [_as_module(item) for item in entry.items])
    return NamedEntry(entry.name, "module", entry.value)


def _add_entries(machine: Machine, owner: Instance, entries: list[Value]) -> None:
    """Register modules or parameters with computed names."""
    last = next(reversed(owner.registered), None)
    if not isinstance(last, NamedEntries):
        last = NamedEntries()
        machine.note_made(last.entries)
        machine.put(owner.registered, last, "named")
    for entry in entries:
        machine.put_list(last.entries, [*last.entries, entry])
        _require_names(machine, entry)


def _require_all(machine: Machine, entries: list[Value]) -> list[Value]:
    for entry in entries:
        _require_names(machine, entry)
    return []


def _require_names(machine: Machine, entry: Any) -> None:
    """Require that computed names are valid names of modules."""
    if isinstance(entry, GuardedEntry):
        machine.branch(entry.condition, lambda: _require_names(machine, entry.value), lambda: None)
    elif isinstance(entry, RepeatedEntries):
        with machine.at_depth(entry.index):
            machine.repeat_values(entry.count, lambda _: _require_all(machine, entry.items))
    else:
        machine.require(expression("name", entry.name))


def _dict_values(machine: Machine, owner: Instance, _: Arguments, __: Keywords) -> Value:
    return [owner.attributes[name] for name in machine.names_of(owner)]


def _dict_items(machine: Machine, owner: Instance, _: Arguments, __: Keywords) -> Value:
    return [(name, owner.attributes[name]) for name in machine.names_of(owner)]


def _dict_keys(machine: Machine, owner: Instance, _: Arguments, __: Keywords) -> Value:
    return machine.names_of(owner)


def _as_parameter(value: Value) -> Value:
    return SymbolicTensor(value.shape, "parameter") if isinstance(value, SymbolicTensor) else value


def _make_parameters(machine: Machine, owner: Instance, arguments: Arguments, _: Keywords) -> None:
    values = machine.entries_of(arguments[0]) if arguments and arguments[0] is not None else []
    for number, value in enumerate(values):
        if isinstance(value, RepeatedEntries):
            if len(values) > 1:
                raise NotFollowed("a symbolic ParameterList")
            _repeated_parameters(machine, owner, value)
        elif isinstance(value, GuardedEntry):
            raise NotFollowed("a symbolic ParameterList")
        else:
            machine.set_attribute(owner, str(number), _as_parameter(value))


def _repeated_parameters(machine: Machine, owner: Instance, values: RepeatedEntries) -> None:
    """Register a parameter in each turn."""
    if len(values.items) != 1 or isinstance(values.items[0], (GuardedEntry, RepeatedEntries)):
        raise NotFollowed("a symbolic ParameterList")
    name = expression("fmt", loop_variable(values.index))
    entry = NamedEntry(name, "parameter", _as_parameter(values.items[0]))
    _add_entries(machine, owner, [RepeatedEntries(values.index, values.count, [entry])])


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


METHODS.update(
    {
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
