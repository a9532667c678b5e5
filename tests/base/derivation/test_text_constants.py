"""Plain values as text: reading back written text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.base.catalogue.printing.constants import constant_text, value_text
from loracfg.base.derivation.text.constants import read_value
from loracfg.base.derivation.text.tokens import Cursor, entries

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=5),
    st.sampled_from([{"$": "float", "v": one} for one in ("inf", "-inf", "nan")]),
    st.sampled_from([{"$": "new", "v": "SmallConfig"}]),
)


def inner(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw a collection."""
    several = st.lists(values, max_size=3)
    pairs = st.lists(st.tuples(values, values).map(list), max_size=3)
    kinds = (("tuple", several), ("set", several), ("dict", pairs))
    return st.one_of(
        several,
        st.dictionaries(st.sampled_from(["a", "if", "a b", ""]), values, max_size=2),
        *(
            st.builds(lambda found, kind: {"$": kind, "v": found}, of, st.just(kind))
            for kind, of in kinds
        ),
    )


def read(text: str) -> Any:
    ((cursor),) = [Cursor(entry.tokens) for entry in entries(text)]
    found = read_value(cursor)
    cursor.finish()
    return found


@given(st.recursive(LEAVES, inner, max_leaves=6))
def test_written_values_are_read_back(value: Any) -> None:
    assert json.dumps(read(value_text(value))) == json.dumps(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"$": "tuple", "v": [1]}, "(1,)"),
        ({"$": "set", "v": []}, "{,}"),
        ({"$": "dict", "v": [[1, [True]]]}, "dict({1: [True]})"),
        ({"$": "float", "v": "-inf"}, "-inf"),
        ({"$": "new", "v": "A"}, "new(A)"),
        ({"a": None}, '{"a": None}'),
    ],
)
def test_values_look_like_python(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_other_values_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="no way to write a value of kind bytes"):
        value_text({"$": "bytes", "v": ""})
    with pytest.raises(ValueError, match=r"no constant: \(1,\)"):
        constant_text((1,))
