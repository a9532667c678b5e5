"""Interprets loops: known items turn by turn, a symbolic count once for all turns."""

from __future__ import annotations

import ast
from typing import Any, Final

from loracfg.base.derivation.interpreter.binding import (
    simplified,
)
from loracfg.base.derivation.interpreter.callables import Frame
from loracfg.base.derivation.interpreter.config_keys import prefixed_keys, without_keys
from loracfg.base.derivation.interpreter.distinct import is_grid
from loracfg.base.derivation.interpreter.expressions import expression
from loracfg.base.derivation.interpreter.flow import NO_FLOW, Flow
from loracfg.base.derivation.interpreter.inner_models import sets_no_sizes
from loracfg.base.derivation.interpreter.iterating import Iterating
from loracfg.base.derivation.interpreter.substitution import at_free_index
from loracfg.base.derivation.interpreter.syntax import (
    has_break,
    names_loaded_first,
    reassigned_names,
    returns,
    stored_names,
)
from loracfg.base.derivation.interpreter.turns import MOST_TURNS, UnknownTurns
from loracfg.base.derivation.interpreter.values import (
    Exit,
    GuardedEntry,
    Instance,
    NotFollowed,
    RepeatedEntries,
    Segments,
    Symbol,
    Turns,
    TurnsDepend,
    Value,
)

_MOST_KNOWN_TURNS: Final = 40


class Loops(Iterating, UnknownTurns):
    """Interprets loops."""

    # For

    def run_for(self, loop: ast.For, frame: Frame, flow: Flow = NO_FLOW) -> Exit | None:
        """Run a `for` loop and the code after it."""
        iterable: Any = self.evaluate(loop.iter, frame)
        leaves = returns(loop) or has_break(loop.body)
        keys = [] if leaves else prefixed_keys(self, loop, iterable)
        if keys:
            for key in keys:
                value = self.get_item(Symbol(iterable.expression[2]), key)
                self._turn(loop, (key, value), frame)
            loop = without_keys(loop, keys)

        def over(value: Value) -> Exit | None:
            turns = [] if self._is_done(loop, value, frame) else self.iterate(value)
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

        found: Any = self.lift(iterable, over)
        left: Exit | None = found
        return left

    def _is_done(self, loop: ast.For, value: Any, frame: Frame) -> bool:
        """Run a loop over all pairs of two ranges as two loops; return whether it is done."""
        if type(value) is list and sets_no_sizes(loop, value):
            return True
        if not is_grid(value) or returns(loop) or has_break(loop.body):
            return False
        return self.attempt(lambda: self._segments(loop, Segments(value), frame))

    def _after(self, loop: ast.For | ast.While, frame: Frame, flow: Flow) -> Exit | None:
        """Run the code after a loop that ended normally."""
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
        """Run the turns from `at` on, and the code after the loop, for each way it may end."""
        if at == len(values):
            return self._after(loop, frame, flow)

        def go_on() -> Exit | None:
            return self._known_turns_left_early(loop, values, at + 1, frame, flow)

        self.assign(loop.target, values[at], frame)
        return self.run_block(loop.body, frame, Flow(go_on, flow.end, go_on))

    def _written_out(
        self, loop: ast.For, turns: Turns, at: int, frame: Frame, flow: Flow
    ) -> Exit | None:
        """Run the turns from `at` on, each under the condition that it exists, up to a maximum."""
        if at == MOST_TURNS:
            self.require(expression("known", expression("<=", turns.count, at)))
            return self._after(loop, frame, flow)

        def go_on() -> Exit | None:
            return self._written_out(loop, turns, at + 1, frame, flow)

        def turn() -> Exit | None:
            self.assign(loop.target, turns.at(at), frame)
            return self.run_block(loop.body, frame, Flow(go_on, flow.end, go_on))

        found: Any = self.branch(
            simplified("<", at, turns.count), turn, lambda: self._after(loop, frame, flow)
        )
        left: Exit | None = found
        return left

    def _segments(self, loop: ast.For, turns: Segments, frame: Frame) -> None:
        """Run a loop over modules; modules that a loop created are run once for all."""
        for entry in turns.entries:
            if isinstance(entry, RepeatedEntries):
                self._over_repeated(loop, entry, frame)
            else:
                self._module_turn(loop, entry, frame)

    def _module_turn(self, loop: ast.For, entry: Value, frame: Frame) -> None:
        """Run a turn for a module that some configs may not have."""
        if isinstance(entry, GuardedEntry):
            self.branch(entry.condition, lambda: self._turn(loop, entry.value, frame), lambda: None)
        else:
            self._turn(loop, entry, frame)

    def _over_repeated(self, loop: ast.For, entry: RepeatedEntries, frame: Frame) -> None:
        entry = at_free_index(entry, self.loop_depth)

        def run(_: Value) -> None:
            for item in entry.items:
                if isinstance(item, RepeatedEntries):
                    self._over_repeated(loop, item, frame)
                else:
                    self._module_turn(loop, item, frame)

        with self.at_depth(entry.index):
            self._once(entry.count, run, frame, self._stored(loop, frame))

    def _symbolic(self, loop: ast.For, turns: Turns, frame: Frame) -> None:
        """Run a loop with a symbolic count that is not left early."""

        def run(i: Value) -> None:
            self._turn(loop, turns.at(i), frame)

        loaded = names_loaded_first([loop])
        self.run_turns(turns.count, run, frame, self._stored(loop, frame), loaded)

    def _stored(self, loop: ast.For, frame: Frame) -> list[str]:
        """Return the variables that a loop sets, without lists that only grow."""
        reassigned = reassigned_names([loop])
        return [
            name
            for name in stored_names([loop])
            if name in reassigned or not isinstance(frame.variables.get(name), (list, Instance))
        ]

    # While

    def run_while(self, loop: ast.While, frame: Frame, flow: Flow = NO_FLOW) -> Exit | None:
        """Run a `while` loop and the code after it."""
        return self._while(loop, 0, frame, flow)

    def _while(self, loop: ast.While, at: int, frame: Frame, flow: Flow) -> Exit | None:
        """Run the turns from `at` on."""
        condition = self.truth(self.evaluate(loop.test, frame))
        is_known = isinstance(condition, bool)
        if at > (_MOST_KNOWN_TURNS if is_known else MOST_TURNS):
            raise NotFollowed("a while loop")

        def go_on() -> Exit | None:
            return self._while(loop, at + 1, frame, flow)

        def turn() -> Exit | None:
            return self.run_block(loop.body, frame, Flow(go_on, flow.end, go_on))

        found: Any = self.branch(condition, turn, lambda: self._after(loop, frame, flow))
        left: Exit | None = found
        return left
