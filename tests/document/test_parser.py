from __future__ import annotations

import json
import math
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.document.parser import JsonLimitError, JsonSyntaxError, parse
from loracfg.document.plain import MAX_DEPTH, MAX_NOTED, MAX_VALUES
from loracfg.document.pointer import escape, unescape
from tests.document.strategies import NEAR_TEXTS, TEXTS


def same(one: Any, other: Any) -> bool:
    """Compare with types, signs and NaN; `==` takes true for 1 and 0.0 for -0.0."""
    return repr(one) == repr(other)


def pointers(value: Any, pointer: str = "") -> dict[str, Any]:
    found = {pointer: value}
    steps: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        steps = [(escape(key), item) for key, item in value.items()]
    elif isinstance(value, list):
        steps = [(str(index), item) for index, item in enumerate(value)]
    for step, item in steps:
        found |= pointers(item, f"{pointer}/{step}")
    return found


def accepted(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@given(TEXTS)
def test_values_equal_those_of_the_standard_library(text: str) -> None:
    assert same(parse(text).value, json.loads(text))


@given(NEAR_TEXTS)
def test_the_same_texts_are_accepted_as_by_the_standard_library(text: str) -> None:
    if accepted(text):
        assert same(parse(text).value, json.loads(text))
    else:
        with pytest.raises(JsonSyntaxError) as caught:
            parse(text)
        assert 0 <= caught.value.offset <= len(text)


@given(TEXTS)
def test_every_value_has_a_span_that_reads_as_the_value(text: str) -> None:
    parsed = parse(text)
    expected = pointers(parsed.value)
    assert parsed.spans.keys() == expected.keys()
    for pointer, span in parsed.spans.items():
        assert same(json.loads(text[slice(*span.value)]), expected[pointer])


@given(TEXTS)
def test_the_key_of_every_member_has_a_span_that_reads_as_the_key(text: str) -> None:
    parsed = parse(text)
    values = pointers(parsed.value)
    for pointer, span in parsed.spans.items():
        parent, _, step = pointer.rpartition("/")
        if pointer and isinstance(values[parent], dict):
            assert span.key is not None
            assert json.loads(text[slice(*span.key)]) == unescape(step)
            assert span.key[1] < span.value[0]
        else:
            assert span.key is None


@given(TEXTS)
def test_numbers_that_are_not_finite_are_noted(text: str) -> None:
    parsed = parse(text)
    expected = [
        pointer
        for pointer, value in pointers(parsed.value).items()
        if isinstance(value, float) and not math.isfinite(value)
    ]
    assert sorted(parsed.non_finite) == sorted(expected)


@given(TEXTS)
def test_repeated_keys_are_noted_with_the_first_and_the_last(text: str) -> None:
    parsed = parse(text)
    for repeat in parsed.repeated:
        key = unescape(repeat.pointer.rpartition("/")[2])
        for span in (repeat.first, repeat.last):
            assert span.key is not None
            assert json.loads(text[slice(*span.key)]) == key
        assert repeat.first.value[1] < repeat.last.value[0]
        assert repeat.last == parsed.spans[repeat.pointer]


@given(TEXTS)
def test_exactly_the_repeated_keys_are_noted(text: str) -> None:
    members = 0

    def count(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal members
        members += len(pairs) - len(dict(pairs))
        return dict(pairs)

    json.loads(text, object_pairs_hook=count)
    # What stands inside an overwritten value is not noted itself.
    assert sum(repeat.count - 1 for repeat in parse(text).repeated) <= members
    assert bool(parse(text).repeated) == bool(members)


def test_a_key_that_appears_three_times_is_one_repetition() -> None:
    text = '{"a": {"b": NaN, "b": 1}, "a": 2, "a": 3, "c": 4}'
    parsed = parse(text)
    (repeat,) = parsed.repeated
    assert (repeat.pointer, repeat.count) == ("/a", 3)
    assert [text[slice(*span.value)] for span in repeat.spans] == ['{"b": NaN, "b": 1}', "2", "3"]
    assert (repeat.first, repeat.last) == (repeat.spans[0], repeat.spans[-1])
    assert parsed.spans.keys() == {"", "/a", "/c"}
    assert parsed.non_finite == []


def test_a_member_that_comes_back_keeps_nothing_of_the_earlier_one() -> None:
    parsed = parse('{"a": [1, [Infinity]], "a": {"0": 2}}')
    assert parsed.spans.keys() == {"", "/a", "/a/0"}
    assert parsed.non_finite == []


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_nesting_is_read_to_its_limit(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    parse(opening * MAX_DEPTH + "0" + closing * MAX_DEPTH)
    with pytest.raises(JsonLimitError, match=f"deeper than {MAX_DEPTH} levels"):
        parse(opening * (MAX_DEPTH + 1) + "0" + closing * (MAX_DEPTH + 1))


def test_values_are_read_to_their_limit() -> None:
    parse("[" + "0," * (MAX_VALUES - 3) + "0]")
    with pytest.raises(JsonLimitError, match=f"more than {MAX_VALUES} values"):
        parse("[" + "0," * (MAX_VALUES - 2) + "0]")


def test_many_repeated_keys_and_values_take_no_quadratic_time() -> None:
    count = MAX_VALUES // 5
    text = '{"b": [' + "0," * count + "0]," + '"a": [0], ' * count + '"a": [0]}'
    assert parse(text).repeated[0].count == count + 1


@pytest.mark.slow
def test_many_values_below_a_long_key_take_no_memory_for_their_pointers() -> None:
    key = "k" * 10_000
    text = f'{{"{key}": [{"0," * (MAX_VALUES // 2)}0]}}'
    tracemalloc.start()
    parsed = parse(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 * 2**20
    assert parsed.spans[f"/{key}/{MAX_VALUES // 2}"].value == (len(text) - 3, len(text) - 2)


@pytest.mark.parametrize("odd", ["NaN", '{"a": 0, "a": 0}'])
def test_no_more_is_noted_than_is_read(odd: str) -> None:
    text = f'{{"{"k" * (MAX_NOTED // 1000)}": [{", ".join([odd] * 1000)}]}}'
    with pytest.raises(JsonLimitError, match="too many oddities"):
        parse(text)


@given(st.text())
def test_escaping_a_key_for_a_pointer_loses_nothing(key: str) -> None:
    assert "/" not in escape(key)
    assert unescape(escape(key)) == key
