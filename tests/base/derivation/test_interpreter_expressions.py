from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.base.derivation.interpreter.binding import (
    contains,
    free_variables,
    loop_variable,
    simplified,
    substitute,
)
from loracfg.base.derivation.interpreter.carrying import closed_forms, placeholder
from loracfg.base.derivation.interpreter.computed_names import may_be
from loracfg.base.derivation.interpreter.expressions import (
    CONFIG,
    Expression,
    Operand,
    choose,
    conjunction,
    disjunction,
    expression,
    negate,
    truth_of,
)
from loracfg.base.derivation.interpreter.possibilities import possible
from loracfg.base.derivation.interpreter.syntax import has_exit, names_loaded_first, returns

FLAG = truth_of(expression(".", CONFIG, "flag"))
SIZE = expression(".", CONFIG, "size")
TURN = loop_variable(0)


def condition(operand: Operand) -> Expression:
    assert isinstance(operand, Expression)
    return operand


def test_equal_expressions_are_one_object() -> None:
    assert expression("+", SIZE, 1) is expression("+", SIZE, 1)


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0.0, -0.0), (0, False)])
def test_numbers_of_different_types_are_different_expressions(one: Any, other: Any) -> None:
    assert expression("+", SIZE, one) is not expression("+", SIZE, other)


def test_an_operand_is_not_a_list() -> None:
    with pytest.raises(TypeError, match="list"):
        expression("+", SIZE, [1])  # type: ignore[arg-type]


def test_a_double_negation_is_dropped() -> None:
    assert negate(negate(FLAG)) is FLAG


def test_a_nested_choice_with_the_same_condition_is_simplified() -> None:
    inner = choose(condition(FLAG), 1, 2)
    assert choose(condition(FLAG), inner, 3) is choose(condition(FLAG), 1, 3)
    assert choose(condition(FLAG), inner, 2) is inner


def test_a_choice_between_conditions_is_and_or_or() -> None:
    other = expression("==", SIZE, 1)
    assert choose(condition(FLAG), True, other) is expression("or", FLAG, other)
    assert choose(condition(FLAG), other, False) is expression("and", FLAG, other)


def test_a_condition_of_the_path_holds() -> None:
    both = expression("and", FLAG, expression("==", SIZE, 1))
    assert possible(FLAG, [both]) == (True, False)
    assert possible(FLAG, [negate(FLAG)]) == (False, True)
    assert possible(FLAG, [expression("==", SIZE, 1)]) == (True, True)


def test_conditions_that_share_parts_are_visited_once() -> None:
    deep: Operand = expression("==", SIZE, 1)
    for _ in range(100):  # without sharing, 2 ** 100 parts
        deep = disjunction(conjunction(deep, FLAG), negate(deep))
    assert possible(condition(deep), [deep]) == (True, False)


def test_a_choice_that_excludes_none_is_not_none() -> None:
    is_none = expression("is", SIZE, None)
    chosen = choose(is_none, 1, SIZE)
    assert possible(expression("is", chosen, None), []) == (False, True)


def test_a_loop_binds_its_variable() -> None:
    squares = expression("list", expression("for", 0, SIZE, expression("*", TURN, TURN)))
    assert not free_variables(squares)
    assert substitute(squares, {TURN: 3}) is squares
    assert contains(expression("+", squares, TURN), [TURN])


def test_a_loop_is_renamed_before_its_variable_is_captured() -> None:
    inner = expression("for", 1, SIZE, expression("+", TURN, loop_variable(1)))
    found = substitute(expression("list", inner), {TURN: loop_variable(1)})
    assert free_variables(found) == {loop_variable(1)}
    assert isinstance(found, Expression)
    loop = condition(found[1])
    assert loop[1] != 1


def test_numbers_are_computed() -> None:
    assert simplified("+", 2, 3) == 5
    assert simplified("-", simplified("+", TURN, 1), 1) is TURN
    assert simplified("+", SIZE, 0) is not SIZE  # it may be a float, or not a number


def evaluate(operand: Any, turns: dict[int, Any]) -> Any:
    """Return the value of an expression with the few operations of carried values."""
    if not isinstance(operand, Expression):
        return operand
    op, *parts = list[Any](operand)
    if op in ("i", "acc"):
        return turns[parts[0] if op == "i" else -1 - parts[0]]
    if op == "if":
        return evaluate(parts[1 if evaluate(parts[0], turns) else 2], turns)
    if op == "scan":
        index, start, body, at = parts
        state = evaluate(start, turns)
        for turn in range(evaluate(at, turns)):
            state = evaluate(body, {**turns, index: turn, -1 - index: state})
        return state
    values = [evaluate(part, turns) for part in parts]
    if op == "tuple":
        return tuple(values)
    compute = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "==": lambda a, b: a == b,
        "[]": lambda a, b: a[b],
    }
    return compute[str(op)](*values)


OWN = [placeholder(0, number) for number in range(2)]
NEXT = st.recursive(
    st.sampled_from([*OWN, TURN, 1, 2]),
    lambda inner: st.builds(expression, st.sampled_from("+-*"), inner, inner),
    max_leaves=4,
)


@given(st.tuples(NEXT, NEXT), st.integers(-2, 5))
def test_closed_forms_equal_the_results_of_loops(
    nexts: tuple[Operand, Operand], turns: int
) -> None:
    starts: list[Operand] = [1, 3]
    forms = closed_forms(0, starts, list(nexts))
    state: list[Any] = [1, 3]
    for turn in range(turns):
        filled = [
            substitute(one, {OWN[0]: state[0], OWN[1]: state[1], TURN: turn}) for one in nexts
        ]
        state = [evaluate(one, {}) for one in filled]
    assert [evaluate(form.after(turns), {}) for form in forms] == state
    if turns >= 0:
        assert [evaluate(form.before(turns), {}) for form in forms] == state


def body(text: str) -> list[ast.stmt]:
    return ast.parse(text).body


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x = 1\ny = x", set()),
        ("y = x\nx = 1", {"x"}),
        ("x += 1", {"x"}),
        ("if c:\n    x = 1\ny = x", {"c", "x"}),
        ("if c:\n    x = 1\nelse:\n    x = 2\ny = x", {"c"}),
        ("for i in l:\n    x = i\ny = x", {"l", "x"}),
        ("y = [x for x in l]", {"l"}),
    ],
)
def test_names_that_may_be_read_before_they_are_set(text: str, names: set[str]) -> None:
    assert names_loaded_first(body(text)) == names


def test_a_break_leaves_the_innermost_loop() -> None:
    (loop,) = body("for i in l:\n    if i:\n        break")
    assert not has_exit([loop])
    assert not returns(loop)
    assert isinstance(loop, ast.For)
    assert has_exit(loop.body)


@pytest.mark.parametrize(
    ("name", "is_possible"),
    [("layer3", True), ("layer", False), ("layerx", False), ("norm", False)],
)
def test_computed_names_are_distinguished_from_literal_ones(name: str, is_possible: bool) -> None:
    assert may_be(expression("fmt", "layer", TURN), name) is is_possible


def test_a_name_from_the_config_may_be_any_name() -> None:
    assert may_be(expression("fmt", SIZE), "norm")
