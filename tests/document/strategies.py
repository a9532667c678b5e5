"""Draw JSON texts with odd white space, escapes, numbers, duplicate keys and NaN."""

from __future__ import annotations

import json
from typing import Final

from hypothesis import strategies as st

BLANKS: Final = st.text(" \t\n\r", max_size=3)
CHARACTERS: Final = st.characters(codec="utf-8")
NUMBERS: Final = st.one_of(
    st.integers().map(str),
    st.integers(min_value=10**30, max_value=10**40).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.from_regex(r"-?(0|[1-9][0-9]{0,3})(\.[0-9]{1,3})?([eE][-+]?[0-9]{1,3})?", fullmatch=True),
)
WORDS: Final = st.sampled_from(["null", "true", "false", "NaN", "Infinity", "-Infinity"])


@st.composite
def strings(draw: st.DrawFn) -> str:
    """Return a JSON string, some characters of it escaped in one of the ways JSON has."""
    return '"' + "".join(draw(st.lists(_character(), max_size=6))) + '"'


@st.composite
def _character(draw: st.DrawFn) -> str:
    char = draw(CHARACTERS)
    plain = json.dumps(char, ensure_ascii=False)[1:-1]
    escaped = json.dumps(char)[1:-1]
    hexadecimal = "".join(f"\\u{unit:04X}" for unit in _units(char))
    lone = f"\\ud8{draw(st.integers(0, 255)):02x}"
    return draw(st.sampled_from([plain, escaped, hexadecimal, "\\/", lone]))


def _units(char: str) -> list[int]:
    data = char.encode("utf-16-be")
    return [int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)]


@st.composite
def _arrays(draw: st.DrawFn, items: st.SearchStrategy[str]) -> str:
    parts = draw(st.lists(items, max_size=4))
    return "[" + _join(draw, parts) + "]"


@st.composite
def _objects(draw: st.DrawFn, items: st.SearchStrategy[str], min_size: int = 0) -> str:
    # Few keys, so that some are given twice; `~` and `/` are special in JSON pointers.
    keys = st.sampled_from(['"a"', '"b"', '"\\u0061"', '"~/"', '""', '"0"']) | strings()
    pairs = draw(st.lists(st.tuples(keys, BLANKS, items), min_size=min_size, max_size=4))
    return "{" + _join(draw, [f"{key}{blank}:{blank}{value}" for key, blank, value in pairs]) + "}"


def _join(draw: st.DrawFn, parts: list[str]) -> str:
    blank = draw(BLANKS)
    return blank + ",".join(blank + part + blank for part in parts)


VALUES: Final = st.recursive(
    NUMBERS | WORDS | strings(), lambda inner: _arrays(inner) | _objects(inner), max_leaves=12
)
TEXTS: Final = st.tuples(BLANKS, VALUES, BLANKS).map("".join)
"""Texts that `json.loads` accepts."""

OBJECTS: Final = _objects(VALUES, min_size=1)
"""Texts of objects with at least one member."""

NEAR_TEXTS: Final = st.one_of(
    TEXTS,
    st.text('{}[]",:0123456789eE+-. \t\n\\ulrnNaItfs', max_size=20),
    st.tuples(TEXTS, st.integers(0, 50), st.text(max_size=2)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + 1 :]
    ),
)
"""Texts that `json.loads` may accept or refuse."""
