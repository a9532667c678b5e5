"""The values in a text are counted before it is parsed, exactly and fast."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.document.size import has_more_values, holds_more_values
from tests.document.strategies import TEXTS


def members(value: Any) -> int:
    if not isinstance(value, (dict, list)):
        return 0
    inside = value.values() if isinstance(value, dict) else value
    return len(value) + sum(map(members, inside))


def containers(value: Any) -> int:
    if not isinstance(value, (dict, list)):
        return 0
    inside = value.values() if isinstance(value, dict) else value
    return 1 + sum(map(containers, inside))


@given(TEXTS, st.integers(0, 4))
def test_a_text_has_as_many_values_as_what_is_read_of_it(text: str, fewer: int) -> None:
    count = 0

    def counted(pairs: list[tuple[str, Any]]) -> list[Any]:  # the text may have a key twice
        return [value for _, value in pairs]

    value = json.loads(text, object_pairs_hook=counted)
    count = members(value)
    most = max(0, count - fewer)
    assert has_more_values(text.encode("utf-8", "surrogatepass"), most) == (count > most)
    assert holds_more_values(value, most + containers(value)) == (count > most)


def test_text_in_strings_is_not_counted() -> None:
    assert not has_more_values(rb'{"a,[{\",": "[,,\\", "b": "\"{,"}', 2)
    assert has_more_values(rb'{"a,[{\",": "[,,\\", "b": "\"{,"}', 1)


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 10**6,
        b"[" + b" " * 10**6 + b"[" * 10**6,
        b"," * 10**4 + rb'"\"' * 10**6,
        b'""' * 10**6 + b"," * 10**4,
        b"," * 10**3 + b'"' + b"\\" * 10**6,
    ],
    ids=["brackets", "blanks", "open strings", "strings", "escapes"],
)
def test_what_is_no_json_is_counted_soon(text: bytes) -> None:
    start = time.process_time()
    has_more_values(text, 100)
    assert time.process_time() - start < 1
