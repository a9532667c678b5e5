"""Positions and edits, for any text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol.types import Position, PositionEncodingKind, WorkspaceEdit

from loracfg.document.json_document import line_starts, region
from loracfg.document.yaml_document import read_yaml
from loracfg.lsp.code_actions import text_edit
from loracfg.lsp.text_positions import TextPositions
from tests.lsp.editor import edited_by

TEXTS = st.text(st.sampled_from('ab\n\r\t é😀\u2028\x85"{}'), max_size=40)
UNITS = {
    PositionEncodingKind.Utf8: ("utf-8", 1),
    PositionEncodingKind.Utf16: ("utf-16-le", 2),
    PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


@pytest.mark.parametrize("encoding", UNITS)
@settings(deadline=None)
@given(text=TEXTS, part=st.floats(0, 1))
def test_positions_lead_back(encoding: PositionEncodingKind, text: str, part: float) -> None:
    positions, offset = TextPositions(text, encoding), int(part * len(text))
    if text[offset - 1 : offset + 1] == "\r\n" and offset:
        return  # no position is between them
    found = positions.position(offset)
    assert positions.offset(found) == offset
    lines = re.split("\r\n|\n|\r", text)
    codec, size = UNITS[encoding]
    before = lines[found.line].encode(codec)[: found.character * size].decode(codec)
    assert text[:offset].endswith(before)
    assert len(re.split("\r\n|\n|\r", text[:offset])) == found.line + 1


@settings(deadline=None)
@given(text=TEXTS, line=st.integers(0, 50), character=st.integers(0, 50))
def test_any_position_is_in_the_text(text: str, line: int, character: int) -> None:
    assert 0 <= TextPositions(text).offset(Position(line, character)) <= len(text)


@settings(deadline=None)
@given(text=TEXTS, part=st.floats(0, 1), length=st.integers(0, 5))
def test_regions_of_json_become_ranges(text: str, part: float, length: int) -> None:
    start = int(part * len(text))
    end = min(start + length, len(text))
    positions = TextPositions(text)
    found = positions.range_of(region(line_starts(text), start, end))
    assert found.start == positions.position(start)
    assert found.end == positions.position(min(max(end, start + 1), len(text)))


@settings(deadline=None)
@given(keys=st.lists(st.sampled_from(["é", "x", "😀"]), min_size=1, max_size=4, unique=True))
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_regions_of_yaml_become_ranges(line_end: str, keys: list[str]) -> None:
    text = line_end.join(f"{key}: [1, v{number}]" for number, key in enumerate(keys))
    document = read_yaml(text, "x.yaml")
    assert document is not None
    positions = TextPositions(text)
    for number, key in enumerate(keys):
        place = document.location(f"/{key}/1").region
        assert place is not None
        found = positions.range_of(place, is_yaml=True)
        at = text.index(f"v{number}")
        assert found == positions.range(at, at + 2)


@settings(deadline=None)
@given(before=TEXTS, after=TEXTS)
def test_an_edit_makes_one_text_of_the_other(before: str, after: str) -> None:
    edit = text_edit(before, after, TextPositions(before))
    if edit is None:
        assert before == after
        return
    positions = TextPositions(before)
    start, end = positions.offset(edit.range.start), positions.offset(edit.range.end)
    assert before[:start] + edit.new_text + before[end:] == after
    if "\r" not in before:
        assert edited_by(before, WorkspaceEdit({"x": [edit]}), "x") == after


def test_lists_at_the_end_of_yaml_end_there() -> None:
    text = "names:\n  - q_"
    document = read_yaml(text, "x.yaml")
    assert document is not None
    place = document.location("/names").region
    assert place is not None
    found = TextPositions(text).range_of(place, is_yaml=True)
    assert found == TextPositions(text).range(text.index("-"), len(text))


@pytest.mark.parametrize("break_", ["", "\n", "\n😀"])
def test_thousands_of_places_are_found_quickly(break_: str) -> None:
    entry = f'"layers.0.self_attn.q_proj",{break_}'
    text = entry * 4000
    starts, positions = line_starts(text), TextPositions(text)
    started = time.process_time()
    for at in range(0, len(text), len(entry)):
        found = positions.range_of(region(starts, at, at + 5))
        assert positions.offset(found.start) == at
    assert time.process_time() - started < 5
