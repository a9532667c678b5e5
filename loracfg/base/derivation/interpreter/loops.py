"""Loops: over what is known turn by turn, over a symbolic count once for all turns."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from loracfg.base.derivation.interpreter.carrying import (
    UNREADABLE,
    Carried,
    closed_forms,
    placeholder,
)
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    attribute_of_model,
    has_symbolic_length,
    is_expressible,
)
from loracfg.base.derivation.interpreter.expressions import (
    Operand,
    expression,
    free_variables,
    loop_variable,
    simplified,
    substitute,
)
from loracfg.base.derivation.interpreter.machine import (
    NO_FLOW,
    Change,
    Container,
    Flow,
    Machine,
    is_unchanged,
)
from loracfg.base.derivation.interpreter.stand_ins import Unknown, containers
from loracfg.base.derivation.interpreter.substitution import at_turn
from loracfg.base.derivation.interpreter.syntax import (
    has_break,
    names_loaded_first,
    reassigned_names,
    returns,
    stored_names,
)
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    POISON,
    UNKNOWN,
    Choice,
    Exit,
    Frame,
    Guarded,
    Instance,
    LastTurn,
    LibraryRaises,
    ModelPart,
    NamedEntries,
    NamedEntry,
    NotFollowed,
    Repeated,
    Segments,
    Symbol,
    SymbolicRange,
    Tensor,
    Turns,
    TurnsDepend,
    Value,
)


@dataclass(frozen=True)
class Order:
    """In which order the places of a loop stand for its turns.

    Attributes:
        is_in_front: Turns add to lists in front of what is there, else behind it.
        is_backwards: The first place stands for the last turn.
    """

    is_in_front: bool = False
    is_backwards: bool = False

    def exploring(self) -> Order:
        """Return the order in which turns are run to find what they leave to the next ones."""
        return Order(self.is_in_front)

    def turn(self, index: int, count: Operand) -> Operand:
        """Return the turn that a place stands for."""
        variable = loop_variable(index)
        if not self.is_backwards:
            return variable
        return simplified("-", simplified("-", count, 1), variable)

    def last(self, count: Operand) -> Operand:
        """Return the place of the last turn."""
        return 0 if self.is_backwards else simplified("-", count, 1)

    def earlier(self, index: int, count: Operand) -> Operand:
        """Return how many turns there are before that of a place."""
        return self.turn(index, count)

    def place(self, index: int, inner: int) -> Operand:
        """Return the place of an earlier turn, by the variable of a loop over these."""
        variable = loop_variable(inner)
        if not self.is_backwards:
            return variable
        return simplified("+", simplified("+", loop_variable(index), 1), variable)

    def join(self, entries: list[Value], more: list[Value]) -> list[Value]:
        """Return a list with what is added to it."""
        return [*more, *entries] if self.is_in_front else [*entries, *more]

    def split(self, entries: list[Value], length: int) -> tuple[list[Value], list[Value]] | None:
        """Return what a list had when it had a length, and what was added; None if it is shorter."""
        if len(entries) < length:
            return None
        at = len(entries) - length
        if self.is_in_front:
            return entries[at:], entries[:at]
        return entries[:length], entries[length:]


FORWARDS: Final = Order()
BACKWARDS: Final = Order(is_in_front=True, is_backwards=True)

MOST_TURNS: Final = 9
"""Loops with no other rule are written out for so many turns."""
_MOST_KNOWN_TURNS: Final = 40
_MOST_PASSES: Final = 4
_EARLIER: Final = 64
"""The index of a loop over earlier turns is this much larger than that of its loop."""

_VIEWS = ("dict_keys", "dict_values", "dict_items", "odict_items", "odict_keys", "odict_values")


class Loops(Machine):
    """Interprets loops."""

    def iterate(self, value: Value) -> list[Value] | Turns | Segments:
        """Return what a loop over a value goes over.

        Raises:
            LibraryRaises: It is no iterable.
            NotFollowed: There is no rule for such a value.
        """
        if isinstance(value, ModelPart):
            value = Symbol(attribute_of_model(value))
        if isinstance(value, Instance):
            value = self._children_of(value)
        if isinstance(value, SymbolicRange):
            return self._turns_of_range(value)
        if isinstance(value, Symbol):
            whole = value.expression
            if whole[0] == "set" or whole[:2] == ("call", "set"):
                whole = expression("call", "ordered", whole)
            count = expression("call", "len", whole)
            return Turns(count, lambda i: as_value(expression("[]", whole, as_expression(i))))
        if isinstance(value, Turns):
            return value
        if has_symbolic_length(value):
            if not is_expressible(value):
                return Segments(value)
            return self.iterate(Symbol(as_expression(value)))  # type: ignore[arg-type]
        if isinstance(value, Tensor):
            return self._turns_of_tensor(value)
        if (
            isinstance(value, (list, tuple, dict, set, frozenset, str, builtins.range))
            or hasattr(value, "__next__")
            or type(value).__name__ in _VIEWS
        ):
            return sorted(value, key=repr) if isinstance(value, (set, frozenset)) else list(value)
        if value is UNKNOWN or isinstance(value, Unknown):
            raise NotFollowed("a loop over what is not known")
        if value is None or isinstance(value, (int, float)):
            raise LibraryRaises("TypeError", "not iterable")
        raise NotFollowed(f"a loop over {type(value).__name__}")

    def _children_of(self, value: Instance) -> Value:
        if value.children is not None:
            return value.children
        if issubclass(value.cls, containers.ModuleDict):
            return self.names_of(value)
        method = self.find(value.cls, "__iter__")
        if method is None:
            raise NotFollowed(f"a loop over {value.cls.__name__}")
        return self.call(self.get_attribute(value, "__iter__"), [], {})

    def names_of(self, value: Instance) -> list[Any]:
        """Return the names of what is registered.

        Raises:
            NotFollowed: Some are computed.
        """
        if any(isinstance(name, NamedEntries) for name in value.registered):
            raise NotFollowed("names that are computed")
        return list(value.registered)

    def _turns_of_range(self, value: SymbolicRange) -> Turns:
        start, stop, step = value.start, value.stop, value.step
        if start == 0 and step == 1:
            return Turns(stop, lambda i: i)
        count = expression("call", "len", expression("range", start, stop, step))

        def at(i: Value) -> Value:
            offset = as_expression(i)
            if step != 1:
                offset = simplified("*", offset, step)
            return as_value(simplified("+", start, offset))

        return Turns(count, at)

    def _turns_of_tensor(self, value: Tensor) -> Turns | list[Value]:
        if not value.shape:
            raise NotFollowed("a loop over a tensor")
        rest, item = value.shape[1:], value.item
        numbers = item if item is not None else lambda _: None
        turns = Turns(as_expression(value.shape[0]), lambda i: Tensor(rest, number=numbers(i)))
        if isinstance(turns.count, int):
            return [turns.at(i) for i in range(turns.count)]
        return turns

    def entries_of(self, value: Value) -> list[Value]:
        """Return the entries of an iterable as a list, maybe with `Repeated` and `Guarded`."""
        if isinstance(value, Instance) and value.children is not None:
            value = value.children
        if isinstance(value, (list, tuple)):
            return list(value)
        if isinstance(value, Choice):
            return [
                Guarded(condition, entry)
                for condition, leaf in self.leaves(value)
                for entry in self.entries_of(leaf)
            ]
        turns = self.iterate(value)
        if isinstance(turns, list):
            return turns
        if isinstance(turns, Segments):
            return list(turns.entries)
        if isinstance(turns.count, int):
            return [turns.at(i) for i in range(turns.count)]
        return [self.repeat_value(turns.count, turns.at)]

    def repeat_value(self, count: Operand, at: Callable[[Value], Value]) -> Repeated:
        """Return an entry for each turn, whose computation changes nothing."""
        index = self.loop_depth
        return Repeated(index, count, self.repeat_values(count, lambda i: [at(i)]))

    def repeat_values(self, count: Operand, run: Callable[[Value], list[Value]]) -> list[Value]:
        """Return the entries of a turn, whose computation changes nothing."""
        index, length = self.loop_depth, len(self.path)
        self.loop_depth += 1
        self.path.add(expression("for", index, count))
        try:
            return run(Symbol(loop_variable(index)))
        finally:
            self.loop_depth = index
            self.path.cut(length)

    # For

    def run_for(self, loop: ast.For, frame: Frame, flow: Flow = NO_FLOW) -> Exit | None:
        """Run a `for` loop and what follows it."""
        iterable = self.evaluate(loop.iter, frame)
        leaves = returns(loop) or has_break(loop.body)

        def over(value: Value) -> Exit | None:
            turns = self.iterate(value)
            if isinstance(turns, Turns) and isinstance(turns.count, int):
                turns = [turns.at(i) for i in range(turns.count)]
            if isinstance(turns, list):
                if leaves:
                    return self._known_turns_left_early(loop, turns, 0, frame, flow)
                return self._known_turns(loop, turns, frame, flow)
            if isinstance(turns, Segments):
                if leaves:
                    raise NotFollowed("a loop over modules that ends early")
                self._segments(loop, turns, frame)
                return self._after(loop, frame, flow)
            if leaves:
                return self._written_out(loop, turns, 0, frame, flow)
            self._symbolic(loop, turns, frame)
            return self._after(loop, frame, flow)

        return self.lift(iterable, over)  # type: ignore[no-any-return]

    def _after(self, loop: ast.For, frame: Frame, flow: Flow) -> Exit | None:
        """Run what follows a loop that ended by itself."""
        if loop.orelse:
            return self.run_block(loop.orelse, frame, flow)
        return flow.end()

    def _turn(self, loop: ast.For, value: Value, frame: Frame) -> None:
        """Run a turn of a loop that is not left early."""
        self.assign(loop.target, value, frame)
        exit_ = self.run_block(loop.body, frame)
        if exit_ is not None and exit_.kind != "continue":
            raise TurnsDepend("a loop that ends early")

    def _known_turns(
        self, loop: ast.For, values: list[Value], frame: Frame, flow: Flow
    ) -> Exit | None:
        for value in values:
            self._turn(loop, value, frame)
        return self._after(loop, frame, flow)

    def _known_turns_left_early(
        self, loop: ast.For, values: list[Value], at: int, frame: Frame, flow: Flow
    ) -> Exit | None:
        """Run the turns from one on, and what follows the loop, in each way it may end."""
        if at == len(values):
            return self._after(loop, frame, flow)

        def go_on() -> Exit | None:
            return self._known_turns_left_early(loop, values, at + 1, frame, flow)

        self.assign(loop.target, values[at], frame)
        return self.run_block(loop.body, frame, Flow(go_on, flow.end, go_on))

    def _written_out(
        self, loop: ast.For, turns: Turns, at: int, frame: Frame, flow: Flow
    ) -> Exit | None:
        """Run the turns from one on, each where there are so many, up to the most."""
        if at == MOST_TURNS:
            self.require(expression("known", expression("<=", turns.count, at)))
            return self._after(loop, frame, flow)

        def go_on() -> Exit | None:
            return self._written_out(loop, turns, at + 1, frame, flow)

        def turn() -> Exit | None:
            self.assign(loop.target, turns.at(at), frame)
            return self.run_block(loop.body, frame, Flow(go_on, flow.end, go_on))

        return self.branch(  # type: ignore[no-any-return]
            simplified("<", at, turns.count), turn, lambda: self._after(loop, frame, flow)
        )

    def _segments(self, loop: ast.For, turns: Segments, frame: Frame) -> None:
        """Run a loop over modules: those of a loop once, as one for all."""
        for entry in turns.entries:
            if isinstance(entry, Repeated):
                self._over_repeated(loop, entry, frame)
            elif isinstance(entry, Guarded):
                self.branch(
                    entry.condition,
                    lambda one=entry: self._turn(loop, one.value, frame),
                    lambda: None,
                )
            else:
                self._turn(loop, entry, frame)

    def _over_repeated(self, loop: ast.For, entry: Repeated, frame: Frame) -> None:
        if entry.index != self.loop_depth:
            raise NotFollowed("a loop over modules of another loop")

        def run(_: Value) -> None:
            for item in entry.items:
                if isinstance(item, Repeated):
                    self._over_repeated(loop, item, frame)
                elif isinstance(item, Guarded):
                    self.branch(
                        item.condition,
                        lambda one=item: self._turn(loop, one.value, frame),
                        lambda: None,
                    )
                else:
                    self._turn(loop, item, frame)

        self._once(entry.count, run, frame, self._stored(loop, frame))

    def _symbolic(self, loop: ast.For, turns: Turns, frame: Frame) -> None:
        """Run a loop with a symbolic count that is not left early."""

        def run(i: Value) -> None:
            self._turn(loop, turns.at(i), frame)

        loaded = names_loaded_first([loop])
        self.run_turns(turns.count, run, frame, self._stored(loop, frame), loaded)

    def _stored(self, loop: ast.For, frame: Frame) -> list[str]:
        """Return the variables that a loop sets; a list that only grows stays the same one."""
        reassigned = reassigned_names([loop])
        return [
            name
            for name in stored_names([loop])
            if name in reassigned or not isinstance(frame.variables.get(name), (list, Instance))
        ]

    def run_turns(
        self,
        count: Operand,
        run: Callable[[Value], None],
        frame: Frame,
        stored: list[str],
        loaded: set[str],
    ) -> None:
        """Run turns of a symbolic count: once for all, if one can stand for all.

        Args:
            count: How many turns there are.
            run: Runs a turn, by its number.
            frame: The variables around.
            stored: Variables that turns set.
            loaded: Variables that turns read before they set them.
        """
        carried = [name for name in stored if name in loaded and name in frame.variables]
        ways: list[Callable[[], None]] = []
        if not carried:
            ways.append(lambda: self._once(count, run, frame, stored))
            if not self._is_peeling:
                ways.append(lambda: self._peeled(count, run, frame, stored))
        ways.append(lambda: self._carrying(count, run, frame, stored, carried))
        if not carried:
            ways.append(lambda: self._once(count, run, frame, stored, order=BACKWARDS))
        ways.append(lambda: self._carrying(count, run, frame, stored, carried, BACKWARDS))
        if not any(self.attempt(way) for way in ways):
            self._turns_written_out(count, run, 0)

    def attempt(self, way: Callable[[], None]) -> bool:
        """Run a loop in some way; return whether it can be: turns may depend on each other."""
        checks, length = len(self.checks), len(self.path)
        self.begin_journal()
        self.open_loops += 1
        try:
            way()
        except TurnsDepend:
            self.end_journal()
            self.forget_checks(checks)
            self.path.cut(length)
            return False
        except BaseException:
            self.end_journal()
            raise
        finally:
            self.open_loops -= 1
        self.keep_journal()
        return True

    def _peeled(
        self, count: Operand, run: Callable[[Value], None], frame: Frame, stored: list[str]
    ) -> None:
        """Run the first turn, then the others at once: what the first sets may stay."""

        def first() -> None:
            run(0)
            others = simplified("-", count, 1)
            self._once(others, lambda i: run(self.operate("+", i, 1)), frame, stored)

        self._is_peeling = True
        try:
            self.branch(simplified("<", 0, count), first, lambda: None)
        finally:
            self._is_peeling = False

    _is_peeling = False

    def _turns_written_out(self, count: Operand, run: Callable[[Value], None], at: int) -> None:
        """Run the turns from one on, each where there are so many, up to the most."""
        if at == MOST_TURNS:
            self.require(expression("known", expression("<=", count, at)))
            return

        def turn() -> None:
            run(at)
            self._turns_written_out(count, run, at + 1)

        self.branch(simplified("<", at, count), turn, lambda: None)

    def repeat(
        self,
        count: Operand,
        run: Callable[[Value], list[Value]],
        frame: Frame,
        stored: list[str],
    ) -> list[Value]:
        """Return the entries that all turns give.

        Args:
            count: How many turns there are.
            run: Returns the entries of a turn, by its number.
            frame: The variables of the turns.
            stored: Variables that turns set.
        """
        index = self.loop_depth
        found: list[Value] = []

        def keep(i: Value) -> None:
            found[:] = run(i)

        if self.attempt(lambda: self._once(count, keep, frame, stored)):
            return [Repeated(index, count, found)]
        entries = self.note_made([])

        def add(i: Value) -> None:
            self.put_list(entries, [*entries, *run(i)])

        self.run_turns(count, add, frame, stored, set())
        return list(entries)

    # Once for all turns

    def _once(
        self,
        count: Operand,
        run: Callable[[Value], None],
        frame: Frame,
        stored: list[str],
        carried: dict[tuple[int, Any], Carried] | None = None,
        order: Order = FORWARDS,
    ) -> None:
        """Run a turn for all, and note what it does as done in each.

        Args:
            count: How many turns there are.
            run: Runs a turn, by its number.
            frame: The variables around.
            stored: Variables that the loop sets: they have no known value after it.
            carried: What turns leave to the next ones, which has a value after the loop.
            order: Which turn a place of the loop stands for.

        Raises:
            TurnsDepend: A turn depends on what others do.
        """
        index = self.loop_depth
        carried = carried or {}
        unset = [name for name in stored if name in frame.variables]
        presets: list[Change] = [(frame.variables, name, POISON) for name in unset]
        turn = order.turn(index, count)
        for one in carried.values():
            presets.append((one.container, one.key, as_value(one.before(turn))))
        changes = self._passes(count, run, presets, order)
        loop = expression("for", index, count)
        for place, (container, key, value) in changes.items():
            if isinstance(container, list):
                self.put_list(container, value)
            elif self.is_of_turn(container, loop):
                self.put(container, key, value)
            elif place in carried:
                self.put(container, key, as_value(carried[place].before(count)))
            elif container is frame.variables and key in stored:
                before = container.get(key, MISSING)
                self.put(container, key, LastTurn(index, count, before, value, order.last(count)))
            elif order.is_backwards and isinstance(key, (NamedEntries, Symbol)):
                raise TurnsDepend("names that are computed, backwards")
            elif isinstance(key, NamedEntries):
                self.put(container, key, value)
                self.put_list(key.entries, [Repeated(index, count, list(key.entries))])
            elif isinstance(key, Symbol):
                entry = NamedEntry(key.expression, None, value)
                self._add_computed(container, Repeated(index, count, [entry]))
            else:
                self._refuse_change(container, key, value)

    def _add_computed(self, container: Container, entry: Value) -> None:
        """Add keys to a dict whose names turns compute."""
        last = next(reversed(container), None)
        if not isinstance(last, NamedEntries):
            last = NamedEntries()
            self.note_made(last.entries)
            self.put(container, last, "named")
        self.put_list(last.entries, [*last.entries, entry])

    def _refuse_change(self, container: Container, key: Any, value: Value) -> None:
        if not is_unchanged(container, key, value):
            raise TurnsDepend(f"{key} is set in a loop")

    def _passes(
        self,
        count: Operand,
        run: Callable[[Value], None],
        presets: list[Change],
        order: Order,
    ) -> dict[tuple[int, Any], Change]:
        """Run a turn until lists that it adds to hold what earlier turns added.

        Returns:
            What the turn changes; of lists all entries after the loop.
        """
        index = self.loop_depth
        loop = expression("for", index, count)
        added: Added = {}
        for _ in range(_MOST_PASSES):
            checks = len(self.checks)
            earlier = {
                key: _earlier(index, more, order.earlier(index, count), order)
                for key, (_, more) in added.items()
            }
            changes = self._pass(count, run, presets, (added, earlier), order)
            shared = [change for change in changes.values() if not self.is_of_turn(change[0], loop)]
            found = _find_added(shared, earlier, order)
            if _are_same(index, found, added):
                break
            self.forget_checks(checks)
            added = found
        else:
            raise TurnsDepend("a list that grows by what is in it")
        for place, (container, key, _) in list(changes.items()):
            if id(container) in found:
                repeated = Repeated(index, count, found[id(container)][1])
                changes[place] = (container, key, order.join(container, [repeated]))
            elif isinstance(container, list) and not self.is_of_turn(container, loop):
                del changes[place]
        return changes

    def _pass(
        self,
        count: Operand,
        run: Callable[[Value], None],
        presets: list[Change],
        more: tuple[Added, dict[int, Repeated]],
        order: Order,
    ) -> dict[tuple[int, Any], Change]:
        """Run a turn, undo it and return what it changed.

        Args:
            count: How many turns there are.
            run: Runs the turn.
            presets: What is set before it.
            more: Lists that turns add to, and what earlier turns added to each.
            order: Which turn a place of the loop stands for.
        """
        index, length, open_loops = self.loop_depth, len(self.path), self.open_loops
        turn = as_value(order.turn(index, count))
        added, earlier = more
        changes: dict[tuple[int, Any], Change] = {}
        self.loop_depth += 1
        self.path.add(expression("for", index, count))
        self.begin_journal()
        try:
            for container, key, value in presets:
                self.put(container, key, value)
            for place, (entries, _) in added.items():
                self.put_list(entries, order.join(entries, [earlier[place]]))
            run(turn)
        finally:
            self.loop_depth = index
            self.open_loops = open_loops
            self.path.cut(length)
            changes = self.end_journal()
        return changes

    def _carrying(
        self,
        count: Operand,
        run: Callable[[Value], None],
        frame: Frame,
        stored: list[str],
        names: list[str],
        order: Order = FORWARDS,
    ) -> None:
        """Run a turn for all, after finding how what turns leave depends on their number.

        Args:
            count: How many turns there are.
            run: Runs a turn, by its number.
            frame: The variables around.
            stored: Variables that the loop sets.
            names: Variables that it reads before.
            order: Which turn a place of the loop stands for.
        """
        index = self.loop_depth
        places: dict[tuple[int, Any], tuple[Container, Any]] = {
            (id(frame.variables), name): (frame.variables, name) for name in names
        }
        for _ in range(_MOST_PASSES):
            starts = [_start_of(*place) for place in places.values()]
            presets: list[Change] = [
                (frame.variables, name, POISON) for name in stored if name in frame.variables
            ]
            for number, (container, key) in enumerate(places.values()):
                presets.append((container, key, Symbol(placeholder(index, number))))
            checks = len(self.checks)
            changes = self._passes(count, run, presets, order.exploring())
            self.forget_checks(checks)
            more = {
                place: (container, key)
                for place, (container, key, value) in changes.items()
                if place not in places
                and not isinstance(container, list)
                and not (container is frame.variables and key in stored)
                and not isinstance(key, (NamedEntries, Symbol))
                and not is_unchanged(container, key, value)
                and not self.is_of_turn(container, expression("for", index, count))
            }
            if not more:
                break
            places |= more
        else:
            raise TurnsDepend("too much that turns leave to the next")
        nexts = [_next_of(changes, place) for place in places]
        if any(placeholder(index, UNREADABLE) in free_variables(one) for one in nexts):
            raise TurnsDepend("a list that grows by what is carried")
        forms = closed_forms(index, starts, nexts)
        found = zip(places.items(), forms, strict=True)
        carried = {place: Carried(*where, form) for (place, where), form in found}
        self._once(count, run, frame, stored, carried, order)

    # While

    def run_while(self, loop: ast.While, frame: Frame, flow: Flow = NO_FLOW) -> Exit | None:
        """Run a `while` loop and what follows it."""
        return self._while(loop, 0, frame, flow)

    def _while(self, loop: ast.While, at: int, frame: Frame, flow: Flow) -> Exit | None:
        """Run the turns from one on."""
        condition = self.truth(self.evaluate(loop.test, frame))
        is_known = isinstance(condition, bool)
        if at > (_MOST_KNOWN_TURNS if is_known else MOST_TURNS):
            raise NotFollowed("a while loop")

        def go_on() -> Exit | None:
            return self._while(loop, at + 1, frame, flow)

        def turn() -> Exit | None:
            return self.run_block(loop.body, frame, Flow(go_on, flow.end, go_on))

        return self.branch(condition, turn, flow.end)  # type: ignore[no-any-return]


Added = dict[int, tuple[list[Value], list[Value]]]
"""Lists, with what a turn adds to each."""


def _start_of(container: Container, key: Any) -> Operand:
    value = container.get(key, MISSING)
    if not is_expressible(value):
        raise TurnsDepend(f"{key} is set in a loop")
    return as_expression(value)


def _next_of(changes: dict[tuple[int, Any], Change], place: tuple[int, Any]) -> Operand:
    """Return what a turn leaves in a place."""
    value = changes[place][2]
    if not is_expressible(value):
        raise TurnsDepend(f"{changes[place][1]} is set in a loop")
    return as_expression(value)


def _find_added(changes: list[Change], earlier: dict[int, Repeated], order: Order) -> Added:
    """Return what a turn added to lists that are older than it."""
    found: Added = {}
    for container, _, value in changes:
        if not isinstance(container, list):
            continue
        known: list[Value] = [earlier[id(container)]] if id(container) in earlier else []
        held = order.join(container, known)
        more = order.split(value, len(held))
        if more is None or any(a is not b for a, b in zip(held, more[0], strict=True)):
            raise TurnsDepend("a list is changed in a loop")
        if more[1]:
            found[id(container)] = (container, more[1])
    return found


def _are_same(index: int, found: Added, added: Added) -> bool:
    """Return whether turns added what they were taken to add."""
    if found.keys() != added.keys():
        return False
    for key, (_, entries) in found.items():
        before = added[key][1]
        are_readable = [_is_readable(index, one) for one in (entries, before)]
        if are_readable[0] != are_readable[1]:
            return False
        if are_readable[0] and as_expression(entries) is not as_expression(before):
            return False
    return True


def _is_readable(index: int, entries: list[Value]) -> bool:
    """Return whether later turns may read what earlier ones added."""
    if not is_expressible(entries):
        return False
    variables = free_variables(as_expression(entries))
    return not any(one[0] == "acc" and one[1] == index for one in variables)


def _earlier(index: int, entries: list[Value], count: Operand, order: Order) -> Repeated:
    """Return what the turns before one added to a list."""
    inner = _EARLIER + index
    if not order.is_in_front and _is_readable(index, entries):
        entries = [at_turn(entry, index, loop_variable(inner)) for entry in entries]
    else:
        entries = [_unreadable(index, order.place(index, inner), entry) for entry in entries]
    return Repeated(inner, count, entries)


def _unreadable(index: int, place: Operand, entry: Value) -> Value:
    """Return an entry that only counts for the length of its list."""
    if isinstance(entry, Guarded):
        condition = substitute(entry.condition, {loop_variable(index): place})
        if any(one[0] == "acc" and one[1] == index for one in free_variables(condition)):
            condition = placeholder(index, UNREADABLE)
        return Guarded(condition, _unreadable(index, place, entry.value))
    if isinstance(entry, Repeated):
        count = substitute(entry.count, {loop_variable(index): place})
        items = [_unreadable(index, place, item) for item in entry.items]
        return Repeated(entry.index, count, items)
    return POISON
