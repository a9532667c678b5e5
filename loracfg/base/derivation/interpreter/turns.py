"""Runs loops with a symbolic count: one turn is run for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import (
    free_variables,
    simplified,
)
from loracfg.base.derivation.interpreter.callables import Frame
from loracfg.base.derivation.interpreter.carrying import (
    UNREADABLE,
    CarriedVariable,
    closed_forms,
    placeholder,
)
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    is_expressible,
)
from loracfg.base.derivation.interpreter.expressions import Operand, expression
from loracfg.base.derivation.interpreter.growing import (
    Added,
    are_same_entries,
    earlier_entries,
    find_added,
)
from loracfg.base.derivation.interpreter.journal import Change, is_unchanged
from loracfg.base.derivation.interpreter.machine import Machine
from loracfg.base.derivation.interpreter.order import BACKWARDS, FORWARDS, Order
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    POISON,
    LastTurn,
    NamedEntries,
    NamedEntry,
    RepeatedEntries,
    Symbol,
    TurnsDepend,
    Value,
)

MOST_TURNS: Final = 9
"""The maximum number of turns that are run one by one if no other way works."""
_MOST_PASSES: Final = 4


class UnknownTurns(Machine):
    """Runs loops with an unknown number of turns."""

    def run_turns(
        self,
        count: Operand,
        run: Callable[[Value], None],
        frame: Frame,
        stored: list[str],
        loaded: set[str],
    ) -> None:
        """Run a loop with a symbolic count: one turn for all, if possible.

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
        """Try to run a loop in a way that needs independent turns; return whether it works."""
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
        """Run the first turn, then one for all others, which may repeat the first one's changes."""

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
        """Run the turns from `at` on, each under the condition that it exists, up to a maximum."""
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
        """Return the entries of all turns.

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
            return [RepeatedEntries(index, count, found)]
        entries: list[Value] = self.note_made([])

        def add(i: Value) -> None:
            self.put_list(entries, [*entries, *run(i)])

        self.run_turns(count, add, frame, stored, set())
        return list(entries)

    def _once(
        self,
        count: Operand,
        run: Callable[[Any], None],
        frame: Frame,
        stored: list[str],
        carried: dict[tuple[int, Any], CarriedVariable] | None = None,
        order: Order = FORWARDS,
    ) -> None:
        """Run one turn for all, and record its effects for each turn.

        Args:
            count: How many turns there are.
            run: Runs a turn, by its number.
            frame: The variables around.
            stored: Variables that the loop sets.
            carried: Variables that turns pass on, which have a value after the loop.
            order: The order of the turns.

        Raises:
            TurnsDepend: A turn depends on other turns.
        """
        index = self.loop_depth
        carried = carried or {}
        unset = [name for name in stored if name in frame.variables]
        presets: list[Change] = [(frame.variables, name, POISON) for name in unset]
        turn = order.turn(index, count)
        presets += [
            (one.container, one.key, as_value(one.form.before(turn))) for one in carried.values()
        ]
        changes = self._passes(count, run, presets, order)
        loop = expression("for", index, count)
        for place, (container, key, value) in changes.items():
            if isinstance(container, list):
                self.put_list(container, value)
            elif self.is_of_turn(container, loop):
                self.put(container, key, value)
            elif place in carried:
                self.put(container, key, as_value(carried[place].form.after(count)))
            elif container is frame.variables and key in stored:
                before = container.get(key, MISSING)
                self.put(container, key, LastTurn(index, count, before, value, order.last(count)))
            elif order.is_backwards and isinstance(key, (NamedEntries, Symbol)):
                raise TurnsDepend("names that are computed, backwards")
            elif isinstance(key, NamedEntries):
                self.put(container, key, value)
                self.put_list(key.entries, [RepeatedEntries(index, count, list(key.entries))])
            elif isinstance(key, Symbol):
                entry = NamedEntry(key.expression, None, value)
                self._add_computed(container, RepeatedEntries(index, count, [entry]))
            else:
                self._refuse_change(container, key, value)

    def _add_computed(self, container: Any, entry: Value) -> None:
        """Add computed keys of turns to a dict."""
        last = next(reversed(container), None)
        if not isinstance(last, NamedEntries):
            last = NamedEntries()
            self.note_made(last.entries)
            self.put(container, last, "named")
        self.put_list(last.entries, [*last.entries, entry])

    def _refuse_change(self, container: Any, key: Any, value: Value) -> None:
        if (id(container), key) in self.settled:
            self.put(container, key, value)
        elif not is_unchanged(container, key, value):
            raise TurnsDepend(f"{key} is set in a loop")

    def _passes(
        self,
        count: Operand,
        run: Callable[[Value], None],
        presets: list[Change],
        order: Order,
    ) -> dict[tuple[int, Any], Change]:
        """Run a turn until the lists that it adds to have the entries of earlier turns.

        Returns:
            The changes of the turn; for lists, all entries after the loop.
        """
        index = self.loop_depth
        loop = expression("for", index, count)
        added: Added = {}
        for _ in range(_MOST_PASSES):
            checks = len(self.checks)
            earlier = {
                key: earlier_entries(index, more, order.earlier(index, count), order)
                for key, (_, more) in added.items()
            }
            changes = self._pass(count, run, presets, (added, earlier), order)
            shared = [change for change in changes.values() if not self.is_of_turn(change[0], loop)]
            found = find_added(shared, earlier, order)
            if are_same_entries(index, found, added):
                break
            self.forget_checks(checks)
            added = found
        else:
            raise TurnsDepend("a list that grows by what is in it")
        for place, (container, key, _) in list(changes.items()):
            if id(container) in found:
                repeated = RepeatedEntries(index, count, found[id(container)][1])
                changes[place] = (container, key, order.join(container, [repeated]))
            elif isinstance(container, list) and not self.is_of_turn(container, loop):
                del changes[place]
        return changes

    def _pass(
        self,
        count: Operand,
        run: Callable[[Value], None],
        presets: list[Change],
        more: tuple[Added, dict[int, RepeatedEntries]],
        order: Order,
    ) -> dict[tuple[int, Any], Change]:
        """Run a turn, undo it and return its changes.

        Args:
            count: How many turns there are.
            run: Runs the turn.
            presets: Values to set before it.
            more: Lists that turns add to, and the entries that earlier turns added to each.
            order: The order of the turns.
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
        """Run one turn for all, after finding how passed-on values depend on the turn.

        Args:
            count: How many turns there are.
            run: Runs a turn, by its number.
            frame: The variables around.
            stored: Variables that the loop sets.
            names: Variables that it reads before it sets them.
            order: The order of the turns.
        """
        index = self.loop_depth
        places: dict[tuple[int, Any], tuple[Any, Any]] = {
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
                and place not in self.settled
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
        carried = {place: CarriedVariable(*where, form) for (place, where), form in found}
        self._once(count, run, frame, stored, carried, order)


def _start_of(container: Any, key: Any) -> Operand:
    value = container.get(key, MISSING)
    if not is_expressible(value):
        raise TurnsDepend(f"{key} is set in a loop")
    return as_expression(value)


def _next_of(changes: dict[tuple[int, Any], Change], place: tuple[int, Any]) -> Operand:
    """Return the value of a place after a turn."""
    value = changes[place][2]
    if not is_expressible(value):
        raise TurnsDepend(f"{changes[place][1]} is set in a loop")
    return as_expression(value)
