"""Complete the names of a base in a config."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    CompletionItemLabelDetails,
    MarkupContent,
    MarkupKind,
    TextEdit,
)

from loracfg.lsp.offered_names import LAYERS, PATTERNS, longer_names, names_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loracfg.base.architecture import Architecture
    from loracfg.lsp.name_places import NamePlace
    from loracfg.lsp.offered_names import BaseName
    from loracfg.lsp.text_positions import TextPositions

TRIGGERS: Final = ('"', ".", ",", "-", " ", "[")
"""The characters after which editors ask for names, besides letters."""
_MOST: Final = 500
"""How many names are offered at most."""


def completions(
    cursor: NamePlace, base: Architecture, positions: TextPositions
) -> list[CompletionItem]:
    """Return the names of a base that can be at a place, in the order of the base."""
    is_list = cursor.in_list or cursor.is_key
    if cursor.is_key != (cursor.field in PATTERNS):
        return []
    names = names_for(cursor.field, base, in_list=is_list)
    if is_list and names and cursor.field != LAYERS and "." in cursor.typed:
        names = (*names, *longer_names(base, cursor.typed))
    chosen = (one for one in names if one.text not in cursor.others)
    return list(_items(chosen, cursor, positions))[:_MOST]


def _items(
    names: Iterator[BaseName], cursor: NamePlace, positions: TextPositions
) -> Iterator[CompletionItem]:
    place = positions.range(cursor.start, cursor.end)
    for number, one in enumerate(names):
        before, after = ("", "") if one.is_number else (cursor.before, cursor.after)
        text = json.dumps(one.text)[1:-1]
        example = f"`{one.example}`" if one.example else None
        yield CompletionItem(
            label=one.text,
            kind=CompletionItemKind.Value,
            detail=one.detail,
            label_details=CompletionItemLabelDetails(description=one.detail),
            documentation=MarkupContent(MarkupKind.Markdown, example) if example else None,
            sort_text=f"{number:04}",
            filter_text=one.text,
            text_edit=TextEdit(place, f"{before}{text}{after}"),
        )
