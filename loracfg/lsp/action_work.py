"""Find the actions on an adapter: its repairs, and what ignores its findings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol.types import CodeActionKind, CodeActionTriggerKind

from loracfg.lsp.code_actions import (
    FIX_ALL,
    SettingsText,
    fix_all,
    ignoring,
    repairs,
    wants,
)
from loracfg.lsp.published import DocumentPlaces
from loracfg.settings.find import OWN, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol.types import CodeAction, CodeActionParams, Range

    from loracfg.lsp.buffer_judge import Judge, Judgement, Surroundings
    from loracfg.lsp.buffers import Buffer
    from loracfg.lsp.text_positions import TextPositions


@dataclass(frozen=True)
class ActionWork:
    """What the actions on a version of a document are made from."""

    judge: Judge
    judgement: Judgement
    positions: TextPositions
    around: Surroundings

    def actions(
        self, params: CodeActionParams, *, with_versions: bool, with_new_files: bool
    ) -> Iterator[CodeAction]:
        """Yield the actions that an editor asks for.

        An editor that asks by itself, as after each key, is not offered all repairs at once, since
        finding them takes longer.

        Args:
            params: the range, and the kinds that it wants.
            with_versions: whether it takes edits for a version of a document.
            with_new_files: whether it takes edits that create files.
        """
        buffer, asked = self.judgement.buffer, params.context
        if not buffer.is_adapter or not self.judgement.diagnostics:
            return
        buffer = buffer if with_versions else buffer._replace(version=None)
        is_quick = wants(asked.only, CodeActionKind.QuickFix.value)
        engine, _ = self.judge.engine_at(buffer.folder, self.around)
        files = self.judge.source_of(buffer).files
        from loracfg.engine.fixing import config_fixes, fixed_config

        if is_quick:
            places = DocumentPlaces(buffer, self.positions)
            fixes = config_fixes(
                files, engine, lambda one: _touch(places.range_of(one.location), params.range)
            )
            yield from repairs(fixes, buffer, self.positions, asked.diagnostics)
        is_asked = asked.trigger_kind is not CodeActionTriggerKind.Automatic
        if is_asked and wants(asked.only, FIX_ALL):
            found = fix_all(fixed_config(files, engine), buffer, self.positions)
            yield from (found,) if found else ()
        settings = self._settings_text(buffer) if is_quick else None
        if settings and buffer.folder and (settings.exists or with_new_files):
            yield from ignoring(settings, buffer.folder, asked.diagnostics)

    def _settings_text(self, buffer: Buffer) -> SettingsText | None:
        """Return the file of the project; a new one beside the editor's folder if it has none."""
        found = self.judge.project.settings_for(buffer.folder, self.around.edited)
        if self.judge.project.is_isolated:
            return None
        path = found.path or Path.cwd() / OWN
        edited = self.around.edited.get(path)
        if edited is not None:
            return SettingsText(path, edited.text, edited.uri, edited.version)
        if not path.exists():
            return SettingsText(path, "", path.as_uri(), exists=False)
        return SettingsText(path, read_bytes(path).decode("utf-8-sig"), path.as_uri())


def _touch(one: Range, other: Range) -> bool:
    return one.start <= other.end and other.start <= one.end
