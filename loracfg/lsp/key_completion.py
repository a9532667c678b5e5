"""Complete the keys of a config, and the values that a key takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    InsertTextFormat,
    MarkupContent,
    MarkupKind,
    TextEdit,
)

from loracfg.document.unfinished_json import json_cursor, json_tokens
from loracfg.lsp.editor_schema import known_keys, whole_configs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lsprotocol.types import Range

    from loracfg.document.unfinished_json import JsonCursor, JsonToken
    from loracfg.lsp.editor_schema import KnownKey
    from loracfg.lsp.text_positions import TextPositions

_METHOD: Final = "LORA"
_LAST: Final = "~"
"""Begins what sorts after names of the base, which are numbered."""


def key_items(
    text: str, offset: int, positions: TextPositions, *, with_snippets: bool
) -> list[CompletionItem]:
    """Return what the schema of a config knows about a place in it.

    Args:
        text: the config, which need not be JSON.
        offset: the place.
        positions: the positions in the text.
        with_snippets: whether the editor knows snippets, which whole configs are.
    """
    if not text.strip():
        return list(_whole(positions.range(0, len(text)))) if with_snippets else []
    tokens = json_tokens(text)
    if _value_of("peft_type", tokens) not in (None, _METHOD):
        return []
    cursor = json_cursor(text, offset)
    if not cursor.path:
        return []
    keys = _keys_at(cursor, known_keys(_value_of("peft_version", tokens)))
    if cursor.role == "key":
        present = {one.path[-1] for one in tokens if _is_beside(one, cursor)}
        return list(_keys(keys, present, cursor, _Text(text, offset, positions)))
    names = (one for one in keys if one.name == cursor.path[-1] and cursor.role == "value")
    key = next(names, None)
    return list(_values(key, cursor, _Text(text, offset, positions))) if key else []


def _value_of(name: str, tokens: Sequence[JsonToken]) -> str | None:
    found = (one for one in tokens if one.path == (name,) and one.role == "value")
    return next((one.text for one in found if one.is_string and one.is_closed), None)


def _keys_at(cursor: JsonCursor, keys: tuple[KnownKey, ...]) -> tuple[KnownKey, ...]:
    """Return the keys of the object that a cursor is in."""
    for step in cursor.path[:-1]:
        keys = next((one.keys for one in keys if one.name == step), ())
    return keys


def _is_beside(token: JsonToken, cursor: JsonCursor) -> bool:
    """Tell whether a token is another key of the object that a cursor is in."""
    is_key = token.role == "key" and token.path[:-1] == cursor.path[:-1]
    return is_key and (cursor.token is None or token.start != cursor.token.start)


class _Text:
    """What a completion replaces, and what follows it."""

    def __init__(self, text: str, offset: int, positions: TextPositions) -> None:
        self._text, self._offset, self._positions = text, offset, positions

    def place(self, token: JsonToken | None) -> Range:
        """Return the range of a token, or the empty one at the cursor."""
        return self._positions.range(*self._span(token))

    def follows(self, token: JsonToken | None) -> str:
        """Return the first character after it that is not blank."""
        _, end = self._span(token)
        return self._text[end : end + 1000].lstrip()[:1]

    def _span(self, token: JsonToken | None) -> tuple[int, int]:
        if token is None:
            return self._offset, self._offset
        if token.is_string and not token.is_closed:
            return token.start, self._offset  # it may include what follows the cursor
        return token.start, token.end


def _keys(
    keys: tuple[KnownKey, ...], present: set[str | int], cursor: JsonCursor, text: _Text
) -> Iterator[CompletionItem]:
    place, follows = text.place(cursor.token), text.follows(cursor.token)
    chosen = (one for one in keys if one.is_offered and one.name not in present)
    for number, key in enumerate(chosen):
        name = json.dumps(key.name)
        value = "" if follows == ":" else f": {json.dumps(key.default)}"
        comma = "," if follows == '"' else ""
        yield CompletionItem(
            label=key.name,
            kind=CompletionItemKind.Property,
            documentation=_markdown(key.text),
            sort_text=f"{_LAST}{number:04}",
            filter_text=name if cursor.token is None or cursor.token.is_string else key.name,
            text_edit=TextEdit(place, f"{name}{value}{comma}"),
        )


def _values(key: KnownKey, cursor: JsonCursor, text: _Text) -> Iterator[CompletionItem]:
    place = text.place(cursor.token)
    for number, one in enumerate(key.values):
        written = json.dumps(one.value)
        is_quoted = cursor.token is not None and cursor.token.is_string
        if is_quoted and not isinstance(one.value, str):
            continue
        yield CompletionItem(
            label=written.strip('"'),
            kind=CompletionItemKind.EnumMember,
            documentation=_markdown(one.text) if one.text else None,
            sort_text=f"{_LAST}{number:04}",
            filter_text=written if is_quoted or cursor.token is None else written.strip('"'),
            text_edit=TextEdit(place, written),
        )


def _whole(place: Range) -> Iterator[CompletionItem]:
    for one in whole_configs():
        yield CompletionItem(
            label=one.label,
            kind=CompletionItemKind.Snippet,
            documentation=_markdown(one.text),
            insert_text_format=InsertTextFormat.Snippet,
            text_edit=TextEdit(place, one.body),
        )


def _markdown(text: str) -> MarkupContent:
    return MarkupContent(MarkupKind.Markdown, text)
