"""Functions of Python: those of `builtins`, `copy`, `functools`, `math` and `itertools`."""

from __future__ import annotations

import builtins
import collections.abc
import numbers
import types
from typing import Any, Final

from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    has_computed_keys,
    has_symbolic_length,
    is_expressible,
    is_plain,
)
from loracfg.base.derivation.interpreter.expressions import (
    PLAIN_TYPES,
    Expression,
    Operand,
    carried_state,
    expression,
    loop_variable,
    simplified,
)
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.operators import is_unknown
from loracfg.base.derivation.interpreter.stand_ins import (
    module,
    tensors,
)
from loracfg.base.derivation.interpreter.values import (
    POISON,
    UNKNOWN,
    ActivationModule,
    Choice,
    Guarded,
    Instance,
    InstanceAt,
    LibraryRaises,
    ModelPart,
    NotFollowed,
    OtherModel,
    Partial,
    Repeated,
    Segments,
    Super,
    Symbol,
    SymbolicRange,
    Tensor,
    Turns,
    TurnsDepend,
    Value,
)

TYPE_NAMES: Final[dict[Any, str]] = {
    int: "int",
    float: "float",
    str: "str",
    bool: "bool",
    list: "list",
    tuple: "tuple",
    dict: "dict",
    type(None): "None",
    set: "set",
    collections.abc.Iterable: "Iterable",
    collections.abc.Sequence: "Sequence",
    collections.abc.Mapping: "Mapping",
    numbers.Number: "Number",
    numbers.Integral: "int",
}
"""What an expression calls a type."""

_COMPUTED: Final = frozenset(
    [
        "len",
        "int",
        "float",
        "bool",
        "str",
        "max",
        "min",
        "sum",
        "abs",
        "round",
        "any",
        "all",
        "sorted",
        "ceil",
        "floor",
        "log2",
        "log",
        "sqrt",
        "isqrt",
        "gcd",
        "prod",
        "pow",
        "divmod",
        "lcm",
        "exp",
        "list",
        "tuple",
        "set",
        "dict",
        "reversed",
        "isclose",
        "log10",
        "frozenset",
        "accumulate",
        "cycle",
        "repeat",
        "chain",
        "cos",
        "sin",
        "ord",
        "chr",
        "range",
        "trunc",
        "comb",
    ]
)
"""Functions that an expression may call."""
_WITHOUT_ACTIVATIONS: Final = frozenset(("containers", "convolutions", "norms", "sequences"))
"""Files of stand-ins for layers that no name of an activation picks."""
_HOMES: Final = ("builtins", "copy", "functools", "_functools", "math", "itertools", None)


class Builtins(Machine):
    """Interprets functions of Python."""

    def call_builtin(
        self, function: Any, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        """Call a function of Python."""
        name = getattr(function, "__name__", str(function))
        home = getattr(function, "__module__", "")
        if home in _HOMES or isinstance(function, type):
            rule = getattr(self, f"_builtin_{name}", None)
            if rule is not None:
                return rule(*arguments, **keywords)
        for number, one in enumerate(arguments):
            if isinstance(one, Choice):
                return self.lift(
                    one,
                    lambda value, at=number: self.call_builtin(
                        function, [*arguments[:at], value, *arguments[at + 1 :]], keywords
                    ),
                )
        return self._call_computed(function, name, arguments, keywords)

    def _call_computed(
        self, function: Any, name: str, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        arguments = [
            one.number if isinstance(one, Tensor) and one.number is not None else one
            for one in arguments
        ]
        if any(is_unknown(one) or isinstance(one, Tensor) for one in arguments):
            return UNKNOWN
        if is_plain(arguments) and is_plain(keywords):
            try:
                return function(*arguments, **keywords)
            except Exception as error:
                raise LibraryRaises(type(error).__name__, str(error)) from error
        if name not in _COMPUTED:
            raise NotFollowed(f"{name}()")
        if keywords:
            raise NotFollowed(f"{name} with keywords")
        return self.evaluable(expression("call", name, *map(as_expression, arguments)))

    # Loops

    def _builtin_range(self, *bounds: Value) -> Value:
        for number, one in enumerate(bounds):
            if isinstance(one, Choice):
                return self.lift(
                    one,
                    lambda value, at=number: self._builtin_range(
                        *bounds[:at], value, *bounds[at + 1 :]
                    ),
                )
        bounds = tuple(
            one.number if isinstance(one, Tensor) and one.number is not None else one
            for one in bounds
        )
        if any(is_unknown(one) or isinstance(one, Tensor) for one in bounds):
            raise NotFollowed("a range of what is not known")
        start, stop, step = 0, bounds[0], 1
        if len(bounds) > 1:
            start, stop = bounds[:2]
        if len(bounds) > 2:
            step = bounds[2]
        if all(isinstance(one, int) for one in (start, stop, step)):
            return builtins.range(start, stop, step)
        if not all(isinstance(one, (int, Symbol)) for one in (start, stop, step)):
            raise LibraryRaises("TypeError")
        parts = [as_expression(one) for one in (start, stop, step)]
        self.require(expression("ok", expression("range", *parts)))
        return SymbolicRange(*parts)

    def _builtin_enumerate(self, iterable: Value, start: Value = 0) -> Value:
        if isinstance(iterable, Choice):
            return self.lift(iterable, lambda one: self._builtin_enumerate(one, start))
        turns = self.iterate(iterable)
        if isinstance(turns, list):
            return [(self.operate("+", i, start), value) for i, value in enumerate(turns)]
        if isinstance(turns, Segments):
            if len(turns.entries) != 1 or not isinstance(turns.entries[0], Repeated) or start != 0:
                raise NotFollowed("enumerate of a symbolic list")
            (one,) = turns.entries
            if len(one.items) != 1 or isinstance(one.items[0], (Guarded, Repeated)):
                raise NotFollowed("enumerate of a symbolic list")
            number = Symbol(loop_variable(one.index))
            return [Repeated(one.index, one.count, [(number, one.items[0])])]

        def at(i: Value) -> Value:
            return (i if start == 0 else self.operate("+", i, start), turns.at(i))

        return Turns(turns.count, at)

    def _builtin_zip(self, *iterables: Value, strict: Value = False) -> Value:
        for number, one in enumerate(iterables):
            if isinstance(one, Choice):
                return self.lift(
                    one,
                    lambda value, at=number: self._builtin_zip(
                        *iterables[:at], value, *iterables[at + 1 :], strict=strict
                    ),
                )
        all_turns = [self.iterate(one) for one in iterables]
        lists = [one for one in all_turns if isinstance(one, list)]
        if len(lists) == len(all_turns):
            if strict is True and len({len(one) for one in lists}) > 1:
                raise LibraryRaises("ValueError")
            return list(builtins.zip(*lists, strict=False))
        if any(isinstance(one, Segments) for one in all_turns):
            raise NotFollowed("zip of a symbolic list")
        counts: list[Operand] = [
            len(one) if isinstance(one, list) else one.count  # type: ignore[union-attr]
            for one in all_turns
        ]
        count = counts[0]
        for other in counts[1:]:
            if strict is not False and other is not count:
                self.require(expression("==", count, other))
            if other is not count:
                count = expression("call", "min", count, other)

        def at(i: Value) -> Value:
            return tuple(
                self.get_item(one, i) if isinstance(one, list) else one.at(i)  # type: ignore[union-attr]
                for one in all_turns
            )

        return Turns(count, at)

    def _builtin_reversed(self, value: Value) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_reversed)
        if isinstance(value, (list, tuple, builtins.range)) and not has_symbolic_length(value):
            return list(builtins.reversed(value))
        if isinstance(value, Instance) and not has_symbolic_length(value.children):
            return list(builtins.reversed(self.entries_of(value)))
        return self.evaluable(expression("call", "reversed", as_expression(value)))

    def _builtin_len(self, value: Value) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_len)
        if isinstance(value, Instance) and not isinstance(value, ModelPart):
            if value.children is None:
                return len(self.names_of(value))
            value = value.children
        if has_symbolic_length(value):
            bare = as_expression([_bare(entry) for entry in value])
            return self.evaluable(expression("call", "len", bare))
        if isinstance(value, (list, tuple, dict, str, set, frozenset, builtins.range)):
            if isinstance(value, dict) and has_computed_keys(value):
                raise NotFollowed("the length of a dict with keys that are computed")
            return len(value)
        if isinstance(value, Tensor):
            return value.shape[0] if value.shape else UNKNOWN
        if isinstance(value, Turns):
            return as_value(value.count)
        if is_unknown(value):
            return UNKNOWN
        return self.evaluable(expression("call", "len", as_expression(value)))

    def _builtin_iter(self, value: Value) -> Value:
        return self.note_made(self.entries_of(value))

    def _builtin_next(self, value: Value, *default: Value) -> Value:
        """Return the first entry of an iterator, which is a list here, and take it out."""
        if type(value) is not list:
            raise NotFollowed("next of a symbol")
        if has_symbolic_length(value):
            first = self._first_of(value, default)
            self.put_list(value, [POISON])
            return first
        if value:
            first = value[0]
            self.put_list(value, value[1:])
            return first
        if default:
            return default[0]
        raise LibraryRaises("StopIteration")

    def _first_of(self, entries: list[Value], default: tuple[Value, ...]) -> Value:
        """Return the first entry of a list that conditions and loops make."""
        if all(not isinstance(one, Repeated) for one in entries):
            first, rest = entries[0], entries[1:]
            if not isinstance(first, Guarded):
                return first
            return self.branch(
                first.condition,
                lambda: first.value,
                lambda: self._builtin_next(list(rest), *default),
            )
        if not is_expressible(entries):
            raise NotFollowed("next of a symbolic list")
        whole = as_expression(entries)
        item = expression("[]", whole, 0)
        if default:
            return self.branch(
                expression("truth", whole), lambda: self.evaluable(item), lambda: default[0]
            )
        return self.evaluable(item)

    # Types and attributes

    def _builtin_isinstance(self, value: Value, types_: Value) -> Value:
        if isinstance(value, Choice):
            return self.lift_pure(value, lambda one: self._builtin_isinstance(one, types_))
        wanted = _flattened(types_)
        if isinstance(value, (OtherModel, ModelPart)):
            if module.Module in wanted and isinstance(value, OtherModel):
                return True
            raise NotFollowed("the class of another model")
        if isinstance(value, ActivationModule):
            return self._is_activation(wanted)
        if isinstance(value, (Instance, InstanceAt)):
            cls = value.cls if isinstance(value, Instance) else value.instance.cls
            return any(isinstance(one, type) and issubclass(cls, one) for one in wanted)
        if isinstance(value, Tensor):
            is_parameter = value.kind == "parameter" and module.Parameter in wanted
            return is_parameter or tensors.Tensor in wanted
        if is_unknown(value):
            raise NotFollowed("a branch on what is not known")
        if isinstance(value, Symbol):
            names = [_type_name(one) for one in wanted if not is_unknown(one)]
            return as_value(expression("isinst", value.expression, *names))
        if isinstance(value, SymbolicRange):
            return builtins.range in wanted
        known = (o for o in wanted if isinstance(o, type) or hasattr(o, "__instancecheck__"))
        return isinstance(value, tuple(known))

    def _is_activation(self, wanted: tuple[Any, ...]) -> bool:
        """Return whether an activation that a name picks is of one of some classes."""
        if module.Module in wanted:
            return True
        if any(one.__module__.rpartition(".")[2] not in _WITHOUT_ACTIVATIONS for one in wanted):
            raise NotFollowed("the class of an activation")
        return False

    def _builtin_issubclass(self, cls: Value, base: Value) -> Value:
        return issubclass(cls, base)

    def _builtin_hasattr(self, owner: Value, name: Value) -> Value:
        if isinstance(owner, Choice):
            return self.lift_pure(owner, lambda one: self._builtin_hasattr(one, name))
        if isinstance(owner, Symbol):
            changed = self.overlay.get(owner.expression, {})
            if name in changed:
                return as_value(self.is_set(changed[name]))
            return Symbol(expression("has", owner.expression, as_expression(name)))
        if isinstance(owner, OtherModel):
            return self.model_has(owner, name)
        if isinstance(owner, ModelPart):
            raise NotFollowed("hasattr of another model")
        if isinstance(name, Symbol):
            raise TurnsDepend("a symbolic name")
        if isinstance(owner, Instance) and isinstance(owner.attributes.get(name), Choice):
            return as_value(self.is_set(owner.attributes[name]))
        try:
            self.get_attribute(owner, name)
        except LibraryRaises:
            return False
        return True

    def _builtin_getattr(self, owner: Value, name: Value, *default: Value) -> Value:
        if isinstance(owner, Choice):
            return self.lift(owner, lambda one: self._builtin_getattr(one, name, *default))
        if isinstance(name, Choice):
            return self.lift(name, lambda one: self._builtin_getattr(owner, one, *default))
        if isinstance(owner, Symbol):
            return self._config_attribute_or(owner, name, default)
        if isinstance(name, Symbol):
            return self.get_attribute(owner, name)
        if default and isinstance(owner, OtherModel) and name != "config":
            return self.branch(
                self.truth(self.model_has(owner, name)),
                lambda: self.get_attribute(owner, name),
                lambda: default[0],
            )
        if default and isinstance(owner, Instance):
            held = owner.attributes.get(name)
            if isinstance(held, Choice):
                return self.branch(
                    self.is_set(held), lambda: self.get_attribute(owner, name), lambda: default[0]
                )
        if not default:
            return self.get_attribute(owner, name)
        try:
            return self.get_attribute(owner, name)
        except LibraryRaises:
            return default[0]

    def _config_attribute_or(self, owner: Symbol, name: Value, default: tuple[Value, ...]) -> Value:
        """Return an attribute of a config, or what is given for one that is not there."""
        operand = owner.expression
        changed = self.overlay.get(operand, {})
        if not default:
            return self.get_attribute(owner, name)
        if name in changed:
            return self.branch(
                self.is_set(changed[name]),
                lambda: self.get_attribute(owner, name),
                lambda: default[0],
            )
        has = expression("has", operand, as_expression(name))
        found = expression(".", operand, as_expression(name))
        if is_expressible(default[0]):
            return as_value(expression("if", has, found, as_expression(default[0])))
        return self.branch(has, lambda: Symbol(found), lambda: default[0])

    def _builtin_setattr(self, owner: Value, name: Value, value: Value) -> None:
        self.lift(owner, lambda one: self.set_attribute(one, name, value))

    def _builtin_delattr(self, owner: Value, name: Value) -> None:
        self.delete_attribute(owner, name)

    def _builtin_type(self, value: Value) -> Value:
        if isinstance(value, (OtherModel, ModelPart)):
            raise NotFollowed("the class of another model")
        if isinstance(value, Instance):
            return value.cls
        if isinstance(value, (Symbol, Choice, InstanceAt)) or is_unknown(value):
            raise NotFollowed("type()")
        return type(value)

    def _builtin_super(self, cls: type, owner: Value) -> Value:
        return Super(owner, cls)

    def _builtin_callable(self, value: Value) -> Value:
        if isinstance(value, (Symbol, Choice)) or is_unknown(value):
            raise NotFollowed("callable()")
        return not isinstance(value, PLAIN_TYPES)

    def _builtin_id(self, value: Value) -> Value:
        raise NotFollowed("id()")

    def _builtin_vars(self, value: Value) -> Value:
        raise NotFollowed("vars()")

    def _builtin_print(self, *_: Value, **__: Value) -> None:
        return None

    def _builtin_slice(self, *bounds: Value) -> Value:
        return builtins.slice(*bounds)

    def _builtin_partial(self, function: Value, *arguments: Value, **keywords: Value) -> Value:
        return Partial(function, list(arguments), keywords)

    # Copies and containers

    def _builtin_deepcopy(self, value: Value, *_: Value) -> Value:
        return self._builtin_copy(value)

    def _builtin_copy(self, value: Value) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_copy)
        if isinstance(value, Symbol):
            return self.copy_config(value)
        if isinstance(value, (OtherModel, ModelPart, InstanceAt)):
            raise NotFollowed("a copy of another model")
        if isinstance(value, Instance):
            return self._copy_instance(value)
        if isinstance(value, list):
            return self.note_made([_copied(self, entry) for entry in value])
        if isinstance(value, dict):
            return self.note_made(dict(value))
        return value

    def copy_config(self, value: Symbol) -> Symbol:
        """Return a copy of a config, whose changes are its own."""
        made = expression("copy", self.next_copy(), value.expression)
        if value.expression in self.overlay:
            self.overlay[made] = self.note_made(dict(self.overlay[value.expression]))
        return Symbol(made)

    def _copy_instance(self, value: Instance) -> Instance:
        made = self.make_instance(value.cls)
        for name, one in value.attributes.items():
            made.attributes[name] = _copied(self, one)
        made.registered.update(value.registered)
        made.special.update(value.special)
        if any(not isinstance(name, str) for name in value.registered):
            raise NotFollowed("a copy of a module with names that are computed")
        if value.children is not None:
            made.children = self.note_made([_copied(self, one) for one in value.children])
            made.child_names = None if value.child_names is None else list(value.child_names)
        return made

    def _builtin_map(self, function: Value, *iterables: Value) -> Value:
        entries = [self.iterate(one) for one in iterables]
        if not all(isinstance(one, list) for one in entries):
            raise NotFollowed("map over a symbol")
        rows = builtins.zip(*entries, strict=False)  # type: ignore[arg-type]
        return self.note_made([self.call(function, builtins.list(row), {}) for row in rows])

    def _builtin_reduce(self, function: Value, values: Value, *start: Value) -> Value:
        entries = self.iterate(values)
        if isinstance(entries, builtins.list):
            if not start and not entries:
                raise LibraryRaises("TypeError", "reduce() of nothing")
            found, *rest = [*start, *entries]
            for one in rest:
                found = self.call(function, [found, one], {})
            return found
        if not isinstance(entries, Turns) or not start or not is_expressible(start[0]):
            raise NotFollowed("reduce() of a symbol")
        return self._reduced(function, entries, as_expression(start[0]))

    def _reduced(self, function: Value, turns: Turns, start: Operand) -> Value:
        """Return what is left after all turns of a function that takes the last result."""
        index = self.loop_depth
        length = len(self.path)
        self.loop_depth += 1
        self.path.add(expression("for", index, turns.count))
        checks = len(self.checks)
        self.begin_journal()
        try:
            entry = turns.at(Symbol(loop_variable(index)))
            after = self.call(function, [Symbol(carried_state(index)), entry], {})
            needed = [one for _, one in self.checks[checks:]]
        finally:
            self.loop_depth = index
            self.path.cut(length)
            self.forget_checks(checks)
            changes = self.end_journal()
        if changes or any(isinstance(one, Expression) and one.op != "ok" for one in needed):
            raise NotFollowed("reduce() of more than an expression")
        made = expression("scan", index, start, as_expression(after), turns.count)
        return self.evaluable(made)

    def _builtin_list(self, value: Value = ()) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_list)
        return self.note_made(self.entries_of(value))

    def _builtin_tuple(self, value: Value = ()) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_tuple)
        if isinstance(value, Symbol):
            return self.evaluable(expression("call", "tuple", value.expression))
        return tuple(self.entries_of(value))

    def _builtin_set(self, value: Value = ()) -> Value:
        if is_plain(value) and isinstance(value, (list, tuple, dict, set, frozenset, str)):
            return builtins.set(value)
        return self.evaluable(expression("call", "set", as_expression(value)))

    def _builtin_dict(self, *given: Value, **keywords: Value) -> Value:
        if not given:
            return self.note_made(builtins.dict(keywords))
        if isinstance(given[0], (dict, list)) and not has_symbolic_length(given[0]):
            return self.note_made({**builtins.dict(given[0]), **keywords})
        raise NotFollowed("dict()")

    def _builtin_sum(self, value: Value, start: Value = 0) -> Value:
        if isinstance(value, (list, tuple)) and not has_symbolic_length(value):
            total = start
            for one in value:
                total = self.operate("+", total, one)
            return total
        if start != 0 or not is_expressible(value):
            raise NotFollowed("sum")
        return self.evaluable(expression("call", "sum", as_expression(value)))

    def _builtin_any(self, value: Value) -> Value:
        return self._any_or_all(value, "any")

    def _builtin_all(self, value: Value) -> Value:
        return self._any_or_all(value, "all")

    def _any_or_all(self, value: Value, name: str) -> Value:
        if isinstance(value, (list, tuple)) and not has_symbolic_length(value):
            result: Operand = name == "all"
            for one in builtins.reversed(list(value)):
                condition = self.truth(one)
                yes, no = (True, result) if name == "any" else (result, False)
                result = simplified("if", condition, yes, no)
            return as_value(result)
        return self.evaluable(expression("call", name, as_expression(value)))

    def _builtin_int(self, value: Value = 0, *base: Value) -> Value:
        if isinstance(value, Choice):
            return self.lift(value, self._builtin_int)
        if isinstance(value, Symbol):
            return self.evaluable(expression("call", "int", value.expression))
        if isinstance(value, Tensor) and value.number is not None:
            return self._builtin_int(value.number)
        if is_unknown(value) or isinstance(value, Tensor):
            raise NotFollowed("int of what is not known")
        try:
            return builtins.int(value, *base)
        except Exception as error:
            raise LibraryRaises(type(error).__name__, str(error)) from error

    def _builtin_bool(self, value: Value = False) -> Value:
        return as_value(self.truth(value))


def _copied(machine: Builtins, value: Value) -> Value:
    """Return a copy of what a copied module or list holds."""
    if isinstance(value, Repeated):
        if value.index != machine.loop_depth:
            raise NotFollowed("a copy of a list of another loop")
        items = value.items
        found = machine.repeat_values(
            value.count, lambda _: [_copied(machine, item) for item in items]
        )
        return Repeated(value.index, value.count, found)
    if isinstance(value, Guarded):
        return Guarded(value.condition, _copied(machine, value.value))
    return machine._builtin_copy(value) if isinstance(value, (Instance, list)) else value


def _bare(entry: Value) -> Value:
    """Return an entry that only counts for the length of its list."""
    if isinstance(entry, Repeated):
        return Repeated(entry.index, entry.count, [_bare(item) for item in entry.items])
    if isinstance(entry, Guarded):
        return Guarded(entry.condition, _bare(entry.value))
    return 0


def _flattened(wanted: Any) -> tuple[Any, ...]:
    if isinstance(wanted, types.UnionType):
        return wanted.__args__
    if isinstance(wanted, tuple):
        return tuple(one for part in wanted for one in _flattened(part))
    return (wanted,)


def _type_name(wanted: Any) -> str:
    """Return what an expression calls a type."""
    if wanted in TYPE_NAMES:
        return TYPE_NAMES[wanted]
    if isinstance(wanted, type):
        return wanted.__name__
    raise NotFollowed("isinstance")


__all__ = ["TYPE_NAMES", "Builtins"]
