"""The fast parser gives the same value as the full parser, or leaves the text to it."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.document.json_document import read_document
from loracfg.document.parser import parse
from loracfg.document.plain import MAX_DEPTH, MAX_VALUES, parse_plain

VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 2]))
def test_the_values_are_equal(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    parsed = parse(text)
    if parsed.non_finite:
        with pytest.raises(ValueError, match="finite"):
            parse_plain(text)
        return
    assert repr(parse_plain(text)) == repr(parsed.value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 1}}',
        "[NaN]",
        "-Infinity",
        "1e999",
        "9" * 5000,
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "[" + "1," * MAX_VALUES + "1]",
        "{",
        "",
    ],
)
def test_what_is_to_be_noted_is_left(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_plain(text)


def test_places_are_found_when_they_are_asked_for() -> None:
    document, faults = read_document(b'{\n  "r": 8\n}', "file")
    assert document is not None
    assert not faults
    assert "parsed" not in vars(document)
    region = document.location("/r").region
    assert region is not None
    assert (region.line, region.column) == (2, 8)
