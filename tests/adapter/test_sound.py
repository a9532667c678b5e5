"""Headers that are quickly recognised as sound have no faults in the full reader."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.adapter.header import safetensors_file as safetensors
from loracfg.adapter.header.gathered_faults import Notes
from loracfg.adapter.header.safetensors_file import DTYPE_BITS
from loracfg.adapter.header.sound import read_sound
from loracfg.adapter.header.strict_json import parse_header
from loracfg.adapter.header.tensor import Header

ENTRY: Final[dict[str, Any]] = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
SOUND: Final[dict[str, Any]] = {"__metadata__": {"format": "pt"}, "a": ENTRY}


def slow(raw: bytes, data_size: int) -> Header | None:
    """Return what the slow reader makes of a header, None if it finds a fault."""
    notes = Notes("file")
    size = 8 + len(raw) + data_size
    header = safetensors._read_header(parse_header(raw), data_size, size, notes)
    return None if notes.faults() else header


def test_a_sound_header_is_recognised() -> None:
    raw = json.dumps(SOUND).encode()
    assert (
        read_sound(raw, 24, DTYPE_BITS)
        == slow(raw, 24)
        == Header({"a": (2, 3)}, {"a": "F32"}, {"format": "pt"})
    )


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "X"},
        {"dtype": ["F32"]},
        {"dtype": None},
        {"shape": [2.0, 3]},
        {"shape": [True, 6]},
        {"shape": [-2, -3]},
        {"shape": {}},
        {"shape": "ab"},
        {"shape": [0, 2**70]},
        {"data_offsets": [False, 24]},
        {"data_offsets": [0, 24, 24]},
        {"data_offsets": [0, 20]},
        {"data_offsets": [4, 28]},
        {"data_offsets": None},
        {"more": [[]]},
    ],
)
def test_an_odd_entry_is_not(change: dict[str, Any]) -> None:
    raw = json.dumps({"a": ENTRY | change}).encode()
    assert read_sound(raw, 24, DTYPE_BITS) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ENTRY, "a": ENTRY}',
        '{"a": {"dtype": "F32", "dtype": "F32", "shape": [6], "data_offsets": [0, 24]}}',
        '{"a": ENTRY, "__metadata__": {"x": 1}}',
        '{"a": ENTRY, "__metadata__": []}',
        '{"\\ud800": ENTRY}',
        '{"a": {"dtype": "F32", "shape": [6], "data_offsets": [-0, 24]}}',
        '{"a": ENTRY',
        "[]",
        "{}",
        "[" * 5000,
    ],
)
def test_an_odd_text_is_not(text: str) -> None:
    raw = text.replace("ENTRY", json.dumps(ENTRY)).encode()
    assert read_sound(raw, 24, DTYPE_BITS) is None


def test_data_must_end_with_the_file() -> None:
    assert read_sound(json.dumps(SOUND).encode(), 25, DTYPE_BITS) is None


NUMBERS: Final = st.sampled_from([0, 1, 2, 3, 24, 2.0, True, -1, None, "1"])
ENTRIES: Final = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["F32", "F16", "F4", "X"]),
        "shape": st.lists(NUMBERS, max_size=3),
        "data_offsets": st.lists(NUMBERS, min_size=1, max_size=3),
    }
)


@given(st.dictionaries(st.sampled_from(["a", "b", "__metadata__"]), ENTRIES), st.integers(0, 24))
def test_nothing_wrong_is_recognised(header: dict[str, Any], data_size: int) -> None:
    raw = json.dumps(header).encode()
    found = read_sound(raw, data_size, DTYPE_BITS)
    assert found is None or found == slow(raw, data_size)
