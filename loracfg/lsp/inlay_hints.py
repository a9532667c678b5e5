"""How many modules each entry of a config selects, beside the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import InlayHint, MarkupContent, MarkupKind

from loracfg.lsp.entry_words import entry_words
from loracfg.lsp.marked_entries import marked_entries
from loracfg.lsp.offered_names import PARAMETERS
from loracfg.report.render.words import counted

if TYPE_CHECKING:
    from lsprotocol.types import Range

    from loracfg.lsp.buffer_judge import Judgement
    from loracfg.lsp.text_positions import TextPositions


def inlay_hints(judgement: Judgement, positions: TextPositions, shown: Range) -> list[InlayHint]:
    """Return the hints in a part of a document."""
    tree = judgement.case.planning.base if judgement.case else None
    return [
        InlayHint(
            position=one.range.end,
            label=counted(len(one.paths), "parameter" if one.field == PARAMETERS else "module"),
            tooltip=MarkupContent(MarkupKind.Markdown, entry_words(one, tree)),
            padding_left=True,
        )
        for one in marked_entries(judgement, positions)
        if shown.start <= one.range.end <= shown.end
    ]
