"""Finds the values that turns of a loop pass on, as expressions of the number of the turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from loracfg.base.derivation.interpreter.binding import (
    Bindings,
    carried_state,
    free_variables,
    loop_variable,
    simplified,
    substitute,
)
from loracfg.base.derivation.interpreter.conversion import (
    as_expression,
    as_value,
    is_expressible,
)
from loracfg.base.derivation.interpreter.expressions import Expression, Operand, choose, expression
from loracfg.base.derivation.interpreter.substitution import at_turn
from loracfg.base.derivation.interpreter.values import POISON, Choice, LastTurn, Value

__all__ = ["UNREADABLE", "CarriedVariable", "after_loop", "closed_forms", "placeholder"]

ByTurn: TypeAlias = Callable[[Operand], Operand]
"""Returns a value by the number of a turn, or by the number of turns."""


@dataclass(frozen=True)
class CarriedForm:
    """The values of a carried variable.

    Attributes:
        before: Returns its value before a turn, by the number of the turn.
        after: Returns its value after the loop, by the number of turns, which may be negative.
    """

    before: ByTurn
    after: ByTurn


UNREADABLE: Final = -1
"""The number of a placeholder that must not be read."""


@dataclass(frozen=True)
class CarriedVariable:
    """A variable or attribute that turns pass on to later ones.

    Attributes:
        container: The dict that it is in.
        key: Its key.
        form: Its values before a turn and after the loop.
    """

    container: dict[Any, Any]
    key: Any
    form: CarriedForm


def placeholder(index: int, number: int) -> Expression:
    """Return the placeholder for a carried value while its form is unknown.

    Args:
        index: The index of the loop.
        number: Which of its values.
    """
    return expression("acc", index, number)


def closed_forms(index: int, starts: list[Operand], nexts: list[Operand]) -> list[CarriedForm]:
    """Return the forms of the carried values of a loop.

    Args:
        index: The index of the loop.
        starts: The values before the loop.
        nexts: The values after a turn, in terms of the turn and of the values before it
            (`placeholder`).
    """
    pending = dict(enumerate(nexts))
    forms: dict[int, CarriedForm] = {}
    while pending:
        number = next((n for n in pending if _others(index, n, pending[n]) == set()), None)
        if number is None:
            forms |= _together(index, starts, pending)
            break
        forms[number] = _form(index, number, starts[number], pending.pop(number))
        known: Bindings = {placeholder(index, number): forms[number].before(loop_variable(index))}
        pending = {n: substitute(value, known) for n, value in pending.items()}
    return [forms[number] for number in range(len(starts))]


def _needed(index: int, value: Operand) -> set[int]:
    """Return which carried values a value depends on."""
    return {
        variable[2]  # type: ignore[misc]
        for variable in free_variables(value)
        if variable[0] == "acc" and variable[1] == index and len(variable) == 3
    }


def _others(index: int, number: int, value: Operand) -> set[int]:
    return _needed(index, value) - {number}


def _form(index: int, number: int, start: Operand, after: Operand) -> CarriedForm:
    """Return the form of a value that depends on no other carried value."""
    own = placeholder(index, number)
    if not _needed(index, after):
        return _shifted(index, start, after)
    step = _constant_step(own, after)
    if step is not None and type(start) is int:
        return _counting(start, step)
    body = substitute(after, {own: carried_state(index)})
    return _scanned(lambda turn: expression("scan", index, start, body, turn))


def _scanned(state: ByTurn) -> CarriedForm:
    """Return the form of a value that each turn computes from the previous one."""
    return CarriedForm(state, state)


def _counting(start: int, step: int) -> CarriedForm:
    def value(turn: Operand) -> Operand:
        return simplified("+", simplified("*", turn, step), start)

    return CarriedForm(value, lambda count: value(_at_least_zero(count)))


def _at_least_zero(count: Operand) -> Operand:
    """Return the actual number of turns: 0 for a negative count."""
    if isinstance(count, Expression):
        return count if _is_length(count) else expression("call", "max", count, 0)
    return max(count, 0) if isinstance(count, int) else count


def _is_length(count: Expression) -> bool:
    return count[:2] == ("call", "len")


def _is_none(count: Operand) -> Operand:
    """Return the condition under which there are no turns."""
    is_length = isinstance(count, Expression) and _is_length(count)
    return simplified("==", count, 0) if is_length else simplified("<", count, 1)


def _constant_step(own: Expression, after: Operand) -> int | None:
    """Return the increment of a value in each turn."""
    if not isinstance(after, Expression) or after[0] not in ("+", "-") or after[1] is not own:
        return None
    step = after[2]
    if type(step) is not int:
        return None
    return step if after[0] == "+" else -step


def _shifted(index: int, start: Operand, after: Operand) -> CarriedForm:
    """Return the form of a value that only depends on the number of the turn."""
    variable = loop_variable(index)
    is_alike = is_same(substitute(after, {variable: -1}), start)

    def earlier(turn: Operand) -> Operand:
        return substitute(after, {variable: simplified("-", turn, 1)})

    def before(turn: Operand) -> Operand:
        return (
            earlier(turn) if is_alike else choose(simplified("==", turn, 0), start, earlier(turn))
        )

    def at_end(count: Operand) -> Operand:
        if is_alike and isinstance(count, Expression) and _is_length(count):
            return earlier(count)
        return choose(_is_none(count), start, earlier(count))

    return CarriedForm(before, at_end)


def after_loop(last: LastTurn) -> Value:
    """Return the value after a loop of a variable that only depends on the number of the turn."""
    index, count, before, value = last.index, last.count, last.before, last.value
    if value is POISON:
        return POISON
    is_first = last.last == 0
    if is_expressible(before) and is_expressible(value) and not is_first:
        return as_value(_shifted(index, as_expression(before), as_expression(value)).after(count))
    is_run = simplified("<", 0, count)
    found = at_turn(value, index, last.last)
    if not isinstance(is_run, Expression):
        return found if is_run else before
    if is_expressible(before) and is_expressible(found):
        return as_value(choose(is_run, as_expression(found), as_expression(before)))
    return Choice(is_run, found, before)


def is_same(first: Operand, second: Operand) -> bool:
    """Return whether two operands are the same expression, or plain values of one type."""
    if isinstance(first, Expression) or isinstance(second, Expression):
        return first is second
    return type(first) is type(second) and repr(first) == repr(second)


def _together(
    index: int, starts: list[Operand], pending: dict[int, Operand]
) -> dict[int, CarriedForm]:
    """Return the forms of values that depend on each other, as entries of one state."""
    numbers = list(pending)
    state = carried_state(index)
    bindings: Bindings = {
        placeholder(index, number): expression("[]", state, at) for at, number in enumerate(numbers)
    }
    start = expression("tuple", *(starts[number] for number in numbers))
    body = expression("tuple", *(substitute(pending[number], bindings) for number in numbers))

    def form(at: int) -> CarriedForm:
        return _scanned(
            lambda turn: expression("[]", expression("scan", index, start, body, turn), at)
        )

    return {number: form(at) for at, number in enumerate(numbers)}
