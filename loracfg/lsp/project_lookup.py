"""The settings of the project that a document belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.serving.identity import state_of
from loracfg.settings.find import came_along, find_file
from loracfg.settings.project import ProjectSettings
from loracfg.settings.reading import read_file

if TYPE_CHECKING:
    from loracfg.lsp.buffers import Buffer
    from loracfg.serving.identity import FileState
    from loracfg.settings.chosen import Chosen
    from loracfg.settings.reading import SettingsFile


class FoundSettings(NamedTuple):
    """The settings of a project, and why they are not those of its file.

    Attributes:
        settings: the settings; without a file if it has never been correct.
        path: the file.
        error: what is wrong with the file now.
    """

    settings: ProjectSettings
    path: Path | None = None
    error: LoracfgError | None = None


class ProjectLookup:
    """Finds the settings of documents: of the file that was named, or the nearest to a document.

    A file that is being edited counts as it is in the editor. While it is wrong, its last correct
    version counts.
    """

    def __init__(
        self,
        file: Path | None = None,
        *,
        is_isolated: bool = False,
        given: Mapping[str, Chosen] | None = None,
    ) -> None:
        """Create a lookup.

        Args:
            file: the file to read for every document.
            is_isolated: whether to read no file.
            given: values from variables, which override the file.
        """
        self._file, self._is_isolated, self._given = file, is_isolated, given or {}
        self._read: dict[Path, tuple[object, SettingsFile]] = {}

    @property
    def is_isolated(self) -> bool:
        """Whether no file is read."""
        return self._is_isolated

    def settings_for(self, folder: Path | None, edited: Mapping[Path, Buffer]) -> FoundSettings:
        """Return the settings for the documents in a folder.

        Args:
            folder: the folder; None for a document that is in none.
            edited: the files that are open in the editor.
        """
        path = None
        try:
            path = self._path_for(folder)
            open_file = edited.get(path) if path else None
            file = self._file_at(path, open_file and open_file.data) if path else None
        except LoracfgError as error:
            _, last = self._read.get(path, (None, None)) if path else (None, None)
            return FoundSettings(self._settings(last, path), path, error)
        return FoundSettings(self._settings(file, path), path)

    def _settings(self, file: SettingsFile | None, path: Path | None) -> ProjectSettings:
        with_adapter = self._file is None and path is not None and came_along(path)
        return ProjectSettings(file, self._given, with_adapter)

    def _path_for(self, folder: Path | None) -> Path | None:
        if self._is_isolated:
            return None
        if self._file is not None:
            return self._file.absolute()
        return find_file(folder or Path.cwd())

    def _file_at(self, path: Path, data: bytes | None) -> SettingsFile:
        state = _on_disk(path) if data is None else data
        kept = self._read.get(path)
        if kept is not None and kept[0] == state:
            return kept[1]
        file = read_file(path, data)
        self._read[path] = state, file
        return file


def _on_disk(path: Path) -> FileState | None:
    try:
        return state_of(path)
    except OSError:
        return None
