"""What an editor shows for the key or entry under the pointer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lsprotocol.types import Hover, MarkupContent, MarkupKind, Position

from loracfg.config.history.all_fields import FIELDS
from loracfg.config.history.field_words import field_words
from loracfg.document.unfinished_json import JsonToken, json_tokens
from loracfg.document.unfinished_yaml import yaml_cursor
from loracfg.lsp.buffer_judge import is_settings
from loracfg.lsp.entry_words import entry_words
from loracfg.lsp.marked_entries import marked_entries
from loracfg.settings.keys import KEYS
from loracfg.sources.trainer_marks import trainer_of_text

if TYPE_CHECKING:
    from lsprotocol.types import Range

    from loracfg.lsp.buffer_judge import Judgement
    from loracfg.lsp.buffers import Buffer
    from loracfg.lsp.text_positions import TextPositions

_TOML_KEY: Final = re.compile(r"^[ \t]*([A-Za-z][A-Za-z-]*)[ \t]*=", re.MULTILINE)


def hover(judgement: Judgement, positions: TextPositions, at: Position) -> Hover | None:
    """Return what is known about the place of the pointer; None if that is nothing."""
    buffer = judgement.buffer
    offset = positions.offset(at)
    if is_settings(buffer):
        return _of_setting(buffer, offset, positions)
    for entry in marked_entries(judgement, positions):
        if entry.range.start <= at <= entry.range.end:
            tree = judgement.case.planning.base if judgement.case else None
            return _markdown(entry_words(entry, tree), entry.range)
    if buffer.is_adapter:
        token = _token_at(buffer.text, offset)
        field = str(token.path[0]) if token else ""
        place = positions.range(token.start, token.end) if token else None
        return _markdown(field_words(field), place) if field in FIELDS else None
    return _of_option(buffer, offset, positions)


def _token_at(text: str, offset: int) -> JsonToken | None:
    return next((one for one in json_tokens(text) if one.start <= offset < one.end), None)


def _of_option(buffer: Buffer, offset: int, positions: TextPositions) -> Hover | None:
    """Return which field an option of a trainer sets."""
    trainer = trainer_of_text(buffer.text)
    found = yaml_cursor(buffer.text, offset) if trainer else None
    if trainer is None or found is None:
        return None
    word = buffer.text[found.start : found.end]
    option = ".".join((*found.path, word) if found.role == "key" else found.path)
    from loracfg.training.trainer_files.registry import trainers

    known = (fact for one in trainers() if one.name == trainer for fact in one.options)
    fact = next((one for one in known if one.option == option), None)
    if fact is None:
        return None
    sets = f"sets `{fact.field}`" if fact.field else "sets no field of LoraConfig"
    lines = [f"**{option}** of {trainer}: {sets}", *([fact.remark] if fact.remark else [])]
    lines += [field_words(fact.field)] if fact.field in FIELDS else []
    return _markdown("\n\n".join(lines), positions.range(found.start, found.end))


def _of_setting(buffer: Buffer, offset: int, positions: TextPositions) -> Hover | None:
    for found in _TOML_KEY.finditer(buffer.text):
        if found.start(1) <= offset <= found.end(1):
            key = KEYS.get(found[1]) or KEYS.get(f"policy.{found[1]}")
            if key is None:
                return None
            text = f"**{key.name}** = `{key.kind.example}`\n\n{key.help}"
            return _markdown(text, positions.range(*found.span(1)))
    return None


def _markdown(text: str, place: Range | None) -> Hover:
    return Hover(MarkupContent(MarkupKind.Markdown, text), place)
