"""Where the entries of a config are in a document, with what they select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loracfg.lsp.entry_matches import EntryMatch, entry_matches
from loracfg.lsp.published import DocumentPlaces
from loracfg.named_tuple import NamedTuple

if TYPE_CHECKING:
    from lsprotocol.types import Range

    from loracfg.lsp.buffer_judge import Judgement
    from loracfg.lsp.text_positions import TextPositions
    from loracfg.planning.layer_settings import LayerSettings


class MarkedEntry(NamedTuple):
    """A range of a document, and what the entries in it select.

    Several entries share a range if a trainer makes them of one option, such as a flag.
    """

    range: Range
    field: str
    paths: tuple[str, ...]
    settings: tuple[LayerSettings, ...]


def marked_entries(judgement: Judgement, positions: TextPositions) -> list[MarkedEntry]:
    """Return the ranges of all entries that are in a document, in the order of the config."""
    case = judgement.case
    document = case.adapter.document if case else None
    if case is None or document is None:
        return []
    places = DocumentPlaces(judgement.buffer, positions)
    found: dict[tuple[int, int, int, int, str], tuple[Range, list[EntryMatch]]] = {}
    for one in entry_matches(case):
        location = document.location(one.pointer, key=one.is_key)
        if location.region is None or not places.is_here(location):
            continue
        key = (*location.region, one.field)
        found.setdefault(key, (places.range_of(location), []))[1].append(one)
    return [_marked(place, each) for place, each in found.values()]


def _marked(place: Range, each: list[EntryMatch]) -> MarkedEntry:
    paths = dict.fromkeys(path for one in each for path in one.paths)
    settings = dict.fromkeys(one for match in each for one in match.settings)
    return MarkedEntry(place, each[0].field, tuple(paths), tuple(settings))
