"""Keys and values of JSON text that is being typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loracfg.document.parser import parse
from loracfg.document.plain import MAX_DEPTH
from loracfg.document.pointer import escape
from loracfg.document.unfinished_json import JsonToken, json_cursor, json_tokens

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=3), VALUES, max_size=4)


def at(value: Any, token: JsonToken) -> Any:
    for step in token.path:
        value = value[step]
    return value


@settings(deadline=None)
@given(value=OBJECTS, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_finished_text_has_the_parts_that_the_parser_finds(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    spans, tokens = parse(text).spans, json_tokens(text)
    for token in tokens:
        pointer = "".join(f"/{escape(str(step))}" for step in token.path)
        if token.role == "value":
            assert json.loads(text[token.start : token.end]) == at(value, token)
            assert spans[pointer].value == (token.start, token.end)
        else:
            assert spans[pointer].key == (token.start, token.end)
            assert token.text == token.path[-1]
    plain = [p for p, span in spans.items() if text[span.value[0]] not in "{["]
    assert len([token for token in tokens if token.role == "value"]) == len(plain)


@settings(deadline=None)
@given(value=OBJECTS, part=st.floats(0, 1), end=st.floats(0, 1))
def test_cut_text_has_the_parts_before_the_cut(value: Any, part: float, end: float) -> None:
    text = json.dumps(value)
    cut = text[: int(part * len(text))]
    whole, found = json_tokens(text), json_tokens(cut)
    ended = [token for token in found if token.end < len(cut)]
    assert ended == whole[: len(ended)]
    assert len(found) - len(ended) <= 1
    json_cursor(cut, int(end * len(cut)))


@settings(deadline=None)
@given(text=st.text(st.sampled_from('{}[]",:\\a1 \n\r'), max_size=40), part=st.floats(0, 1))
def test_any_text_is_scanned(text: str, part: float) -> None:
    offset = int(part * len(text))
    found = json_cursor(text, offset)
    if found.token is not None:
        assert found.token.start <= offset <= found.token.end
        assert found.path == found.token.path


@pytest.mark.parametrize(
    ("marked", "path", "role", "text"),
    [
        ("|", (), "value", None),
        ('{"a": "x\\"|', ("a",), "value", 'x"'),
        ("{|", ("",), "key", None),
        ('{"a|', ("a",), "key", "a"),
        ('{"a": |', ("a",), "value", None),
        ('{"a": [1, |', ("a", 1), "value", None),
        ('{"a": ["x", "y|"', ("a", 1), "value", "y"),
        ('{"a": "x" |', ("a",), None, None),
        ('{"a": {"b": 1}, "c|', ("c",), "key", "c"),
        ('{"a": {"b": 1}|', ("a",), None, None),
        ('{"a": [1}, "b|', (), None, None),  # the list was not closed, but the object is
        ('[{"a": [1}, {"b|', (1, "b"), "key", "b"),
        ('{"a": "x\n"b|": 1', ("a",), "value", "b"),  # a string ends with its line
    ],
)
def test_cursors(
    marked: str, path: tuple[str | int, ...], role: str | None, text: str | None
) -> None:
    offset = marked.index("|")
    found = json_cursor(marked.replace("|", ""), offset)
    assert (found.path, found.role) == (path, role)
    assert (found.token and found.token.text) == text


def test_what_is_nested_too_deeply_is_not_scanned() -> None:
    deepest = '{"a":' * MAX_DEPTH + '"x'
    assert len(json_cursor(deepest, len(deepest)).path) == MAX_DEPTH
    text = '{"a":' + "[" * 100_000 + '"x'  # the paths to all levels would take gigabytes
    assert json_cursor(text, len(text)).role is None
    assert [one.text for one in json_tokens(text)] == ["a"]
