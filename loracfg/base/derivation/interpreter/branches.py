"""Runs both sides of branches and merges their effects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from loracfg.base.derivation.interpreter.callables import BoundMethod, Function, Native, Partial
from loracfg.base.derivation.interpreter.carrying import after_loop
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    has_computed_keys,
    has_symbolic_length,
    is_expressible,
)
from loracfg.base.derivation.interpreter.distinct import count_of_keys
from loracfg.base.derivation.interpreter.expressions import (
    PLAIN_TYPES,
    Expression,
    Operand,
    choose,
    conjunction,
    expression,
    negate,
    truth_of,
)
from loracfg.base.derivation.interpreter.journal import Change, Place
from loracfg.base.derivation.interpreter.possibilities import possible
from loracfg.base.derivation.interpreter.stand_ins import Unknown
from loracfg.base.derivation.interpreter.state import WHOLE, InterpreterState
from loracfg.base.derivation.interpreter.twins import merge_entries
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    POISON,
    UNKNOWN,
    Choice,
    Exit,
    GuardedEntry,
    Instance,
    LastTurn,
    LibraryRaises,
    ModelPart,
    NamedEntries,
    NotFollowed,
    Symbol,
    SymbolicRange,
    SymbolicTensor,
    TurnsDepend,
    Value,
)


class Branches(InterpreterState):
    """Runs both sides of branches, and merges values."""

    def branch(
        self, condition: Operand, then: Callable[[], Value], otherwise: Callable[[], Value]
    ) -> Value:
        """Run both sides of a branch and merge their effects; raising rejects a config."""
        if not isinstance(condition, Expression):
            return then() if condition else otherwise()
        may_hold, may_fail = self.possible_here(condition)
        if not may_fail:
            return then()
        if not may_hold:
            return otherwise()
        opposite = negate(condition)
        assert isinstance(opposite, Expression)
        yes, yes_error, yes_changes = self._try_side(condition, then)
        no, no_error, no_changes = self._try_side(opposite, otherwise)
        if yes_error and no_error:
            raise no_error if isinstance(no_error, NotFollowed) else yes_error
        if yes_error:
            self._leave_out(condition, yes_error, no_changes)
            return no
        if no_error:
            self._leave_out(opposite, no_error, yes_changes)
            return yes
        self._merge_changes(condition, yes_changes, no_changes)
        if isinstance(yes, Exit) or isinstance(no, Exit):
            return self._merge_exits(condition, yes, no)
        return self.merge(condition, yes, no)

    def possible_here(self, condition: Expression) -> tuple[bool, bool]:
        """Return whether a condition may hold here, and whether it may not."""
        if condition in self.path:
            return True, False
        if negate(condition) in self.path:
            return False, True
        return possible(condition, self.path)

    def _try_side(
        self, condition: Expression, run: Callable[[], Value]
    ) -> tuple[Value, NotFollowed | LibraryRaises | None, dict[tuple[int, Any], Change]]:
        length, depth, changes = len(self.path), self.loop_depth, {}
        checks = len(self.checks)
        self.path.add(condition)
        self.begin_journal()
        self.branch_depth += 1
        result: Value = None
        error: NotFollowed | LibraryRaises | None = None
        try:
            result = run()
        except LibraryRaises as raised:
            error = raised
        except NotFollowed as raised:
            if isinstance(raised, TurnsDepend) and self.open_loops:
                raise
            error = raised
            self.reasons[str(raised)[:90]] += 1
        finally:
            self.branch_depth -= 1
            self.loop_depth = depth
            self.path.cut(length)
            changes = self.end_journal()
        if error is not None:  # nothing is built there, whatever the earlier checks
            self.forget_checks(checks)
        return result, error, changes

    def _leave_out(
        self,
        condition: Expression,
        error: NotFollowed | LibraryRaises,
        changes: dict[tuple[int, Any], Change],
    ) -> None:
        """Continue with the other side only; configs for which a condition holds decline."""
        remaining = negate(condition)
        is_followed = isinstance(error, LibraryRaises)
        self.require(remaining if is_followed else expression("known", remaining))
        self.assume(remaining)
        self.redo(changes)

    def _merge_changes(
        self,
        condition: Expression,
        yes: dict[tuple[int, Any], Change],
        no: dict[tuple[int, Any], Change],
    ) -> None:
        places = self._in_order(yes, no)
        lists = [one for one in places if one[1] == WHOLE]  # before variables that hold one
        for place in [*lists, *(one for one in places if one[1] != WHOLE)]:
            container, key, _ = yes.get(place) or no[place]
            if isinstance(key, NamedEntries):
                self._guard_names(container, key, condition if place in yes else negate(condition))
                continue
            if isinstance(container, list):
                before: Any = list(container)
            else:
                before = container.get(key, MISSING)
            after_yes = yes[place][2] if place in yes else before
            after_no = no[place][2] if place in no else before
            if isinstance(container, list):
                self.put_list(container, merge_entries(condition, after_yes, after_no))
            else:
                is_kind = self._is_registry(container) and after_yes != after_no
                merged = Choice if is_kind else self.merge
                self.put(container, key, merged(condition, after_yes, after_no))

    def _guard_names(self, container: Any, key: NamedEntries, condition: Operand) -> None:
        """Keep the computed names that one side registers, each under its condition."""
        self.put(container, key, "named")
        self.put_list(key.entries, [GuardedEntry(condition, entry) for entry in key.entries])

    def _in_order(
        self, yes: dict[tuple[int, Any], Change], no: dict[tuple[int, Any], Change]
    ) -> list[tuple[int, Any]]:
        """Return the changes of two branches, with the names that both register.

        Raises:
            NotFollowed: They register the same names in different orders.
        """
        places = list({**yes, **no})
        if yes and no:
            for container in {id(c): c for c, _, _ in yes.values()}.values():
                if self._is_registry(container):
                    orders = [
                        [one for one in side if one[0] == id(container)] for side in (yes, no)
                    ]
                    places = [one for one in places if one[0] != id(container)]
                    places += _interleaved(*orders)
        return places

    def _is_registry(self, container: Any) -> bool:
        """Return whether a container is the registry of an object, whose order matters."""
        owner = self._owners.get(id(container))
        return owner is not None and owner[1].registered is container

    def _merge_exits(self, condition: Expression, yes: Any, no: Any) -> Exit:
        kinds = [side.kind if isinstance(side, Exit) else None for side in (yes, no)]
        if kinds == ["return", "return"]:
            return Exit("return", self.merge(condition, yes.value, no.value))
        if set(kinds) <= {"continue", None}:
            return Exit("continue")
        if kinds == ["break", "break"]:
            return Exit("break")
        raise TurnsDepend("a block that ends early")

    def merge(self, condition: Expression, yes: Value, no: Value) -> Value:
        """Return a choice between two values by a condition."""
        if yes is no:
            return yes
        if isinstance(yes, PLAIN_TYPES) and type(yes) is type(no) and repr(yes) == repr(no):
            return yes
        if yes is POISON or no is POISON:
            return POISON
        if isinstance(yes, Symbol) and yes == no:
            return yes
        if any(one is UNKNOWN or isinstance(one, ModelPart) for one in (yes, no)):
            return Choice(condition, yes, no)
        if (
            isinstance(yes, SymbolicTensor)
            and isinstance(no, SymbolicTensor)
            and _are_alike(yes, no)
        ):
            is_same = yes.item is no.item and yes.number is no.number
            return yes if is_same else SymbolicTensor(yes.shape, yes.kind, yes.persistent)
        if type(yes) is type(no) is tuple and _are_of_one_length(yes, no):
            return tuple(map(self.merge, [condition] * len(yes), yes, no))
        if is_expressible(yes) and is_expressible(no):
            return self._merge_expressible(condition, yes, no)
        return Choice(condition, yes, no)

    def _merge_expressible(self, condition: Expression, yes: Value, no: Value) -> Value:
        if type(yes) is type(no) is list and _are_of_one_length(yes, no):
            merged = self.note_made(list(map(self.merge, [condition] * len(yes), yes, no)))
            self.twins.note_merged(merged, condition, yes, no)
            return merged
        if type(yes) is dict and type(no) is dict and list(yes) == list(no):
            return {key: self.merge(condition, yes[key], no[key]) for key in yes}
        self.twins.note_copied(yes)
        self.twins.note_copied(no)
        return as_value(choose(condition, as_expression(yes), as_expression(no)))

    def lift(self, value: Value, function: Callable[[Value], Value]) -> Value:
        """Call a function with a value, or with each side of a choice in a branch."""
        if isinstance(value, Choice):
            return self.branch(
                value.condition,
                lambda: self.lift(value.yes, function),
                lambda: self.lift(value.no, function),
            )
        if value is MISSING:
            raise LibraryRaises("AttributeError", "missing")
        if isinstance(value, LastTurn):
            return self.lift(after_loop(value), function)
        if value is POISON:
            raise TurnsDepend("a variable of a loop")
        return function(value)

    def lift_pure(self, value: Value, function: Callable[[Value], Value]) -> Value:
        """Call a function without effects on each side of a choice, and merge the results."""
        if isinstance(value, Choice):
            if value.yes is MISSING:
                return self.lift_pure(value.no, function)
            if value.no is MISSING:
                return self.lift_pure(value.yes, function)
            yes, no = (self.lift_pure(side, function) for side in (value.yes, value.no))
            return self.merge(value.condition, yes, no)
        return function(value)

    def leaves(self, value: Value) -> list[tuple[Operand, Value]]:
        """Return the possible values of a value, each with its condition."""
        if not isinstance(value, Choice):
            return [(True, value)]
        found = []
        for condition, side in (
            (value.condition, value.yes),
            (negate(value.condition), value.no),
        ):
            found += [(conjunction(condition, inner), leaf) for inner, leaf in self.leaves(side)]
        return found

    def truth(self, value: Value) -> Operand:
        """Return the condition under which a value is true."""
        if isinstance(value, Symbol):
            return truth_of(value.expression)
        if isinstance(value, Choice):
            yes, no = self.truth(value.yes), self.truth(value.no)
            return yes if yes is no else choose(value.condition, yes, no)
        if isinstance(value, ModelPart):
            return truth_of(as_expression(value))
        if isinstance(value, (Instance, Function, BoundMethod, Native, Partial)):
            return True
        if isinstance(value, SymbolicTensor):
            raise NotFollowed("a branch on a tensor")
        if value is UNKNOWN or isinstance(value, Unknown):
            raise NotFollowed("a branch on what is not known")
        if value is POISON or value is MISSING:
            raise NotFollowed("a variable of a loop")
        if has_symbolic_length(value) or isinstance(value, SymbolicRange):
            return truth_of(as_expression(value))
        return _is_filled(value)


def _is_filled(value: Value) -> Operand:
    """Return the condition under which a plain value is true, like a dict with keys."""
    if isinstance(value, dict) and has_computed_keys(value):
        return truth_of(count_of_keys(value))
    return bool(value)


def _interleaved(first: list[Place], second: list[Place]) -> list[Place]:
    """Return the entries of two lists in an order that agrees with both.

    Raises:
        NotFollowed: There is none.
    """
    common = [one for one in first if one in second]
    if common != [one for one in second if one in first]:
        raise NotFollowed("modules in an order that depends on the config")
    merged: list[Place] = []
    rest = [first, second]
    for one in common:
        for number, side in enumerate(rest):
            at = side.index(one)
            merged += side[:at]
            rest[number] = side[at + 1 :]
        merged.append(one)
    return [*merged, *rest[0], *rest[1]]


def _are_of_one_length(first: Sequence[Value], second: Sequence[Value]) -> bool:
    """Return whether two sequences have equivalent entries, one by one."""
    is_known = not has_symbolic_length(first) and not has_symbolic_length(second)
    return is_known and len(first) == len(second)


def _are_alike(first: SymbolicTensor, second: SymbolicTensor) -> bool:
    """Return whether two tensors have the same shape and role in their module."""
    return (
        first.shape == second.shape
        and first.kind == second.kind
        and first.persistent == second.persistent
    )
