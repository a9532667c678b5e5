"""The keys and values that the server completes are those of the JSON service with the schema."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import CompletionItem, TextEdit

from loracfg.lsp.key_completion import key_items
from loracfg.lsp.text_positions import TextPositions
from tests.editor.project import config_text
from tests.editor.service import Service

PLACES = [
    '{"peft_type": "LORA", | }',
    '{"peft_type": "LORA", "|" }',
    '{"peft_type": "LORA", "lora_a|": 8 }',
    '{\n  |\n  "peft_type": "LORA"\n}',
    '{"peft_type": "LORA", "peft_version": "0.18.0", | }',
    '{"peft_type": "LORA", "peft_version": "0.3.0", | }',
    '{"peft_type": "LORA", "peft_version": "9.0", | }',
    '{"peft_type": "LORA", "eva_config": { | } }',
    '{"peft_type": "LORA", "eva_config": {"rho": 2, | } }',
    '{"peft_type": "LORA", "bias": | }',
    '{"peft_type": "LORA", "bias": "|" }',
    '{"peft_type": "LORA", "bias": "lo|" }',
    '{"peft_type": "LORA", "task_type": | }',
    '{"peft_type": "LORA", "use_dora": | }',
    '{"peft_type": "LORA", "init_lora_weights": | }',
    '{"peft_type": "LORA", "peft_version": "0.18.0", "init_lora_weights": | }',
    '{"peft_type": | }',
    '{ "r": 8, | }',
    "{|}",
]


def offered(marked: str) -> tuple[str, int, list[CompletionItem]]:
    """Return a text, the place of the cursor in it, and what the server offers there."""
    before, after = marked.split("|")
    text = before + after
    positions = TextPositions(text)
    return text, len(before), key_items(text, len(before), positions, with_snippets=True)


def applied(text: str, item: CompletionItem) -> str:
    """Return a text on one line with an item accepted."""
    edit = item.text_edit
    assert isinstance(edit, TextEdit)
    lines = text.split("\n")
    start, end = edit.range.start, edit.range.end
    assert start.line == end.line
    line = lines[start.line]
    lines[start.line] = line[: start.character] + edit.new_text + line[end.character :]
    return "\n".join(lines)


@pytest.mark.parametrize("marked", PLACES)
def test_same_as_with_the_schema(service: Service, marked: str) -> None:
    _, _, items = offered(marked)
    labels = {item.label for item in items}
    by_schema = service.completions(marked)
    assert labels
    assert labels == {label for label in by_schema if label not in ("{}", "[]", '""')}


@pytest.mark.parametrize("marked", PLACES)
def test_what_is_accepted_is_json(marked: str) -> None:
    text, _, items = offered(marked)
    for item in items:
        json.loads(applied(text, item))


def test_whole_configs_are_offered_in_an_empty_file(service: Service) -> None:
    _, _, items = offered("|")
    assert {item.label for item in items} == service.completions("|").keys()


@pytest.mark.parametrize(
    "marked",
    [
        '{"peft_type": "LOHA", | }',
        '{"peft_type": "LORA" | }',
        '{"peft_type": "LORA", "target_modules": [|] }',
        '{"peft_type": "LORA", "r"| }',
        '|{"peft_type": "LORA"}',
    ],
)
def test_nothing_is_offered_elsewhere(marked: str) -> None:
    assert offered(marked)[2] == []


def test_a_key_before_others_gets_a_comma() -> None:
    text, _, items = offered('{"peft_type": "LORA", |"r": 8}')
    item = next(one for one in items if one.label == "bias")
    assert json.loads(applied(text, item)) == {"peft_type": "LORA", "bias": "none", "r": 8}


def test_a_key_with_a_value_keeps_it() -> None:
    text, _, items = offered('{"peft_type": "LORA", "ra|": 8}')
    item = next(one for one in items if one.label == "rank_pattern")
    assert json.loads(applied(text, item)) == {"peft_type": "LORA", "rank_pattern": 8}


@given(st.data())
def test_broken_text_is_no_obstacle(data: st.DataObject) -> None:
    """Whatever is cut out of a config, wherever the cursor is, the edits are within the text."""
    text = config_text(eva_config={"rho": 2.0}, rank_pattern={"q_proj": 4}, bias="no")
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        text = (
            text[:start]
            + data.draw(st.text('{}[]",:\\\n\u2028a\U0001f600', max_size=3))
            + text[data.draw(st.integers(start, min(len(text), start + 40))) :]
        )
    offset = data.draw(st.integers(0, len(text)))
    positions = TextPositions(text)
    for item in key_items(text, offset, positions, with_snippets=True):
        assert isinstance(item.text_edit, TextEdit)
        place = item.text_edit.range
        assert 0 <= positions.offset(place.start) <= offset <= positions.offset(place.end)
        assert positions.offset(place.end) <= len(text)
