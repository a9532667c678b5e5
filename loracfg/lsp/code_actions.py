"""Repairs of the config as edits of its text, and edits that ignore a finding."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    CreateFile,
    CreateFileOptions,
    Diagnostic,
    OptionalVersionedTextDocumentIdentifier,
    Position,
    Range,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from loracfg.lsp.published import DocumentPlaces
from loracfg.lsp.text_positions import BYTE_ORDER_MARK, TextPositions
from loracfg.named_tuple import NamedTuple
from loracfg.report.render.words import visible
from loracfg.rules.choice import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from loracfg.engine.fixing import ConfigFix
    from loracfg.lsp.buffers import Buffer

FIX_ALL: Final = f"{CodeActionKind.SourceFixAll.value}.loracfg"
"""The kind of the action that makes all safe repairs; editors can run it when they save."""


class SettingsText(NamedTuple):
    """A file with a project's choices, as the editor or the disk has it.

    Attributes:
        path: the file.
        text: its text; empty if it does not exist.
        uri: what the editor calls it.
        version: its version in the editor; None if it is not open.
        exists: whether it exists.
    """

    path: Path
    text: str
    uri: str
    version: int | None = None
    exists: bool = True


def wants(only: Sequence[CodeActionKind | str] | None, kind: str) -> bool:
    """Tell whether an editor asks for actions of a kind, or of one that includes it."""
    if only is None:
        return True
    asked = [one.value if isinstance(one, CodeActionKind) else one for one in only]
    return any(not one or kind == one or kind.startswith(f"{one}.") for one in asked)


def repairs(
    fixes: Iterable[ConfigFix],
    buffer: Buffer,
    positions: TextPositions,
    diagnostics: Sequence[Diagnostic],
) -> Iterator[CodeAction]:
    """Yield a quick fix for each repair.

    Args:
        fixes: the repairs.
        buffer: the version of the config.
        positions: the positions in it.
        diagnostics: the diagnostics that the editor shows.
    """
    places = DocumentPlaces(buffer, positions)
    for fix in fixes:
        edit = text_edit(buffer.text, fix.config, positions)
        if edit is None:
            continue
        step, place = fix.step, places.range_of(fix.finding.location)
        about = [one for one in diagnostics if one.code == step.code and one.range == place]
        kind = "" if step.safe else "unsafe, "
        why = "" if step.safe else f" ({visible(step.why)})"
        yield CodeAction(
            title=f"{visible(step.title)} [{kind}{step.code}]{why}",
            kind=CodeActionKind.QuickFix,
            diagnostics=about or None,
            is_preferred=step.safe or None,
            edit=edit_of(buffer.uri, buffer.version, [edit]),
        )


def fix_all(config: str | None, buffer: Buffer, positions: TextPositions) -> CodeAction | None:
    """Return the action that makes all safe repairs; None if there are none.

    Args:
        config: the text of the config after them.
        buffer: the version of the config.
        positions: the positions in it.
    """
    edit = None if config is None else text_edit(buffer.text, config, positions)
    if edit is None:
        return None
    title = "Apply all safe repairs of the config"
    return CodeAction(title, FIX_ALL, edit=edit_of(buffer.uri, buffer.version, [edit]))


def ignoring(
    settings: SettingsText, adapter: Path, diagnostics: Sequence[Diagnostic]
) -> Iterator[CodeAction]:
    """Yield an action for each rule of some diagnostics that ignores it for an adapter.

    Args:
        settings: the file of the project, which may be new.
        adapter: the folder of the adapter.
        diagnostics: the diagnostics that the editor shows.
    """
    from loracfg.settings.ignoring import with_ignored

    for code in dict.fromkeys(one.code for one in diagnostics if one.source == "loracfg"):
        if not isinstance(code, str) or code in UNREADABLE:
            continue
        changed = with_ignored(settings.text, settings.path, adapter, code)
        edit = None
        if changed is not None:
            edit = text_edit(settings.text, changed, TextPositions(settings.text))
        if edit is not None:
            yield CodeAction(
                title=f"Ignore {code} for this adapter in {settings.path.name}",
                kind=CodeActionKind.QuickFix,
                diagnostics=[one for one in diagnostics if one.code == code],
                edit=_edit_of_settings(settings, edit),
            )


def text_edit(before: str, after: str, positions: TextPositions) -> TextEdit | None:
    """Return the smallest edit that makes one text of another; None if they are the same."""
    if not before.startswith(BYTE_ORDER_MARK):
        after = after.removeprefix(BYTE_ORDER_MARK)  # hidden by the editor
    if before == after:
        return None
    start = _common(before, after)
    most = min(len(before), len(after)) - start
    end = min(_common(before[::-1], after[::-1]), most)
    start -= _is_in_line_end(before, start)
    end -= _is_in_line_end(before, len(before) - end)
    place = positions.range(start, len(before) - end)
    return TextEdit(place, after[start : len(after) - end])


def _is_in_line_end(text: str, offset: int) -> bool:
    """Tell whether an offset is between a carriage return and its line feed."""
    return offset > 0 and text[offset - 1 : offset + 1] == "\r\n"


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def edit_of(uri: str, version: int | None, edits: list[TextEdit]) -> WorkspaceEdit:
    """Return edits of one document; editors refuse them if it has another version by then."""
    if version is None:
        return WorkspaceEdit(changes={uri: edits})
    document = OptionalVersionedTextDocumentIdentifier(uri, version)
    return WorkspaceEdit(document_changes=[TextDocumentEdit(document, list(edits))])


def _edit_of_settings(settings: SettingsText, edit: TextEdit) -> WorkspaceEdit:
    if settings.exists:
        return edit_of(settings.uri, settings.version, [edit])
    created = CreateFile(settings.uri, options=CreateFileOptions(ignore_if_exists=True))
    document = OptionalVersionedTextDocumentIdentifier(settings.uri, None)
    at_start = TextEdit(Range(Position(0, 0), Position(0, 0)), edit.new_text)
    return WorkspaceEdit(document_changes=[created, TextDocumentEdit(document, [at_start])])
