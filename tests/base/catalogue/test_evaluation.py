"""Rows are evaluated with Python's semantics, within a budget."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.base.catalogue.evaluation.budget import Budget
from loracfg.base.catalogue.evaluation.evaluation import Evaluation
from loracfg.base.catalogue.evaluation.reading import shown
from loracfg.base.catalogue.evaluation.refusals import DeclinedError
from loracfg.base.catalogue.evaluation.rows import Rows
from tests.base.records import record


def value(*rows: list[Any], budget: Budget | None = None, **config: Any) -> Any:
    run = Evaluation(Rows(list(rows)), record(**config), budget or Budget())
    return run.value(len(rows) - 1)


def test_arithmetic_is_pythons() -> None:
    assert value(["c"], [".", 0, "n"], ["//", 1, [2]], n=-3) == -2
    assert value(["/", [1], [2]]) == 0.5
    assert value(["is", [1], [True]]) is False
    assert value(["==", [1], [True]]) is True
    assert value(["or", [0], [None]]) is None


def test_tuples_are_not_lists() -> None:
    assert value(["tuple", [1]], ["list", [1]], ["==", 0, 1]) is False


def test_only_one_side_of_a_choice_is_evaluated() -> None:
    assert value(["c"], [".", 0, "missing"], ["if", [True], [7], 1]) == 7


def test_missing_attributes_raise_as_in_python() -> None:
    with pytest.raises(AttributeError):
        value(["c"], [".", 0, "missing"])
    with pytest.raises(AttributeError):
        value(["c"], [".", 0, "part"], [".", 1, "keys"], part={"keys": 1})


def test_loops_add_items_and_conditions_leave_them_out() -> None:
    rows: list[list[Any]] = [["c"], [".", 0, "n"], ["i", 0], ["%", 2, [2]], ["opt", 3, 2]]
    assert value(*rows, ["for", 0, 1, 4], ["list", 5, [9]], n=5) == [1, 3, 9]


def test_values_inside_a_loop_are_not_remembered() -> None:
    rows = Rows([["i", 1], ["*", 0, [2]], ["for", 1, [3], 1], ["list", 2]])
    assert [bool(rows.varies(number)) for number in range(4)] == [True, True, False, False]
    run = Evaluation(rows, record(), Budget())
    assert run.value(3) == [0, 2, 4]
    assert set(run.memo) == {3}


@pytest.mark.parametrize(
    "rows",
    [
        [["c"], [".", 0, "n"], ["range", 1], ["list", 2]],
        [["c"], [".", 0, "n"], ["**", [3], 1]],
        [["c"], [".", 0, "n"], ["<<", [1], 1]],
        [["c"], [".", 0, "n"], ["list", [0]], ["*", 2, 1]],
        [["c"], [".", 0, "n"], ["*", ["ab"], 1]],
        [["c"], [".", 0, "n"], ["for", 0, 1, [0]], ["list", 2]],
        [["c"], [".", 0, "n"], ["range", 1], ["call", "sum", 2]],
        [["c"], [".", 0, "format"], ["%", 1, [3]]],
        [["c"], [".", 0, "text"], ["str", "replace", 1, [""], 1]],
    ],
)
def test_huge_results_are_declined_at_once(rows: list[list[Any]]) -> None:
    with pytest.raises(DeclinedError):
        value(*rows, n=10**18, format="%999999999d", text="x" * 10_000)


def test_work_on_long_lists_is_charged() -> None:
    rows: list[list[Any]] = [["c"], [".", 0, "types"], ["i", 0], ["in", 2, 1]]
    rows += [["for", 0, [10_000], 3], ["list", 4]]
    with pytest.raises(DeclinedError):
        value(*rows, types=["a"] * 10_000)
    assert value(["c"], [".", 0, "types"], ["in", ["b"], 1], types=["a", "b"]) is True


def test_the_order_of_a_set_of_strings_is_unknown() -> None:
    with pytest.raises(DeclinedError):
        value(["set", ["a"], ["b"]], ["call", "list", 0])
    assert value(["set", [2], [1]], ["call", "sorted", 0]) == [1, 2]


def test_unknown_operations_decline() -> None:
    for row in (["unheard of"], ["call", "eval", ["1"]], ["str", "format", ["{}"], [1]]):
        with pytest.raises(DeclinedError):
            value(row)


def test_reasons_look_like_facts() -> None:
    rows: list[Any] = [["c"], [".", 0, "size"], [".", 0, "heads"], ["%", 1, 2], ["!=", 3, [0]]]
    assert shown([*rows, ["not", 4]], 5) == "size % heads == 0"
    assert shown([["c2"], [".", 0, "size"]], 1) == "size"
    assert shown(rows, [True]) == "True"
    rows += [["*", number - 1, number - 1] for number in range(5, 40)]
    assert len(shown(rows, 39)) < 1000


def test_a_part_that_is_not_a_config_is_declined() -> None:
    rows: tuple[list[Any], ...] = (["c"], ["parts", 0])
    config = record()
    assert value(*rows, text_config=config, decoder=None) is True
    with pytest.raises(DeclinedError, match="`text_config` is not a config"):
        value(*rows, text_config={"model_type": "llama"})


def of(operation: str, *operands: Any) -> Any:
    return value([operation, *([one] for one in operands)])


def call(name: str, *arguments: Any) -> Any:
    return value(["call", name, *([one] for one in arguments)])


def method(name: str, *arguments: Any) -> Any:
    return value(["str", name, *([one] for one in arguments)])


def test_functions_and_methods_are_pythons() -> None:
    nested = [1, {"a": (2, "b")}, "c"]
    assert of("<<", 3, 4) == 3 << 4
    assert of("is", [1], [2]) is False
    assert call("str", nested) == str(nested)
    assert call("sum", [1, 2], 0.5) == sum([1, 2], 0.5)
    assert method("replace", "abca", "a", "xy", 1) == "abca".replace("a", "xy", 1)
    assert method("join", "-", ["a", "b"]) == "-".join(["a", "b"])
    assert method("join", "-", "abc") == "-".join("abc")


@pytest.mark.parametrize(
    ("operation", "operands", "error"),
    [
        ("call", ("sorted", 3), TypeError),
        ("str", ("lower", 3), AttributeError),
        ("str", ("replace", 3, "a", "b"), AttributeError),
        ("str", ("replace", "abc", "a", 3), TypeError),
        ("linspace", (0, 1, 3, 3), IndexError),
        ("put", ("abc", 0, "d"), TypeError),
        ("<<", (1, -1), ValueError),
        ("<<", (1.0, 1), TypeError),
    ],
)
def test_errors_are_pythons(operation: str, operands: tuple[Any, ...], error: type) -> None:
    names = [operands[0]] if operation in ("call", "str") else []
    row = [operation, *names, *([one] for one in operands[len(names) :])]
    with pytest.raises(error):
        value(row)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["is", [[1]], [[1]]], "whether two lists are the same one"),
        (["[]", [{1, 2}], [0]], "the order of a set"),
        (["call", "sum", [[[1]]], [[]]], "a sum of lists"),
        (["call", "str", [object()]], "the text of an object"),
        (["str", "join", [1], [["a"]]], "strings that are joined"),
        (["str", "join", ["-"], [{"a": 1}]], "strings that are joined"),
        (["*", [1 << 3000], [1 << 3000]], "a number that is too large"),
        (["config", "OwnConfig"], "the model creates a config"),
        (["activation", ["relu"]], "a model inside this one"),
    ],
)
def test_what_python_does_may_be_unknown(row: list[Any], reason: str) -> None:
    with pytest.raises(DeclinedError, match=reason):
        value(row)


def test_an_operand_is_a_row_or_a_constant() -> None:
    with pytest.raises(TypeError, match="`'n'` is not an operand"):
        value(["neg", "n"])


@pytest.mark.parametrize(
    "use",
    [
        ["dict", 3, [1]],
        ["set", 3],
        ["in", 3, 0],
        ["get", 0, 3],
        ["[]", 0, 3],
        ["put", 0, 3, [1]],
        ["call", "set", 4],
        ["call", "str", 3],
        ["==", 3, 3],
    ],
)
def test_tuples_that_are_nested_very_deeply_are_declined(use: list[Any]) -> None:
    rows: list[list[Any]] = [["dict"], ["acc", 0], ["tuple", 1]]
    with pytest.raises((DeclinedError, RecursionError)):
        value(*rows, ["scan", 0, [1], 2, [90_000]], ["list", 3], use)


def test_a_number_is_not_rounded_to_millions_of_digits() -> None:
    with pytest.raises(DeclinedError):
        value(["call", "round", [5], [-(10**9)]])
    assert value(["call", "round", [5.25], [1]]) == 5.2


@pytest.mark.parametrize("name", ["__class__", "attributes", "config_class", "read", "keys"])
@pytest.mark.parametrize("owner", [None, True, 3, 0.5, "a", [1], (1,), {"a": 1}, {1}, range(2)])
def test_only_configs_have_attributes(owner: Any, name: str) -> None:
    assert value(["c"], [".", 0, "part"], ["has", 1, name], part=owner) is False
    with pytest.raises(AttributeError):
        value(["c"], [".", 0, "part"], [".", 1, name], part=owner)


def test_the_name_of_a_method_is_all_that_is_known_about_it() -> None:
    assert value(["c"], [".", 0, "part"], [".", 1, "lower"], part="a") == "lower"
    assert value(
        ["c"], [".", 0, "part"], [".", 1, "verify_out_features_out_indices"], part=record()
    )


@pytest.mark.parametrize("row", [["with", 1, "size", [1]], ["text", 1], ["mcall", 1, "to_dict"]])
def test_only_configs_are_copied_or_asked_for_a_part(row: list[Any]) -> None:
    for owner in (None, 3, "a", {"size": 2}, [1]):
        with pytest.raises(AttributeError):
            value(["c"], [".", 0, "part"], row, part=owner)


def test_a_copy_of_a_config_does_not_change_it() -> None:
    part = record(size=1)
    rows: list[list[Any]] = [["c"], [".", 0, "part"], ["with", 1, "size", [2]], [".", 2, "size"]]
    assert value(*rows, part=part) == 2
    assert part.attributes == {"size": 1}
