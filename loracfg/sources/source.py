"""What a path names: an adapter in a folder, adapters in an archive, or a single weight file."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple, Protocol

from loracfg.adapter.directory import (
    PICKLE_NAME,
    SAFETENSORS_NAME,
    Adapter,
    FileCaches,
    read_adapter,
)
from loracfg.adapter.files import Files
from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.report.report import AdapterReport, Diagnostic, Location, NotChecked

OWN_FILES: Final = frozenset((CONFIG_NAME, SAFETENSORS_NAME, PICKLE_NAME))
"""Files with a path that means their folder."""
NO_SUCH_PATH: Final = "LC001"
NOT_AN_ADAPTER: Final = "LC002"
UNREADABLE_ARCHIVE: Final = "LC008"
_MISSING_CONFIG: Final = "LC003"
_NEEDS_NO_CONFIG: Final = frozenset({"LC410", "LC501"})
"""Findings for which a single file needs no config: a different format, or a different tool."""
_IS_MISSING: Final = f"`{CONFIG_NAME}` is missing"
_IS_ALONE: Final = f"a file alone has no `{CONFIG_NAME}`"
PASS_BOTH: Final = f"name it `{SAFETENSORS_NAME}`, put it next to its config, and pass the folder"
_LONE: Final = ".safetensors"
_CHECK_PATH: Final = "check the path"
_OTHER_ARCHIVES: Final = frozenset({".bz2", ".tbz2", ".xz", ".txz", ".zst", ".7z", ".rar"})


class SourceError(LoracfgError):
    """A path that is not an adapter, and the code of the rule that reports it."""

    def __init__(self, code: str, message: str, help: str = _CHECK_PATH) -> None:  # noqa: A002
        super().__init__(message, help)
        self.code = code


class OneFile(Protocol):
    """A file on this or another machine."""

    @property
    def size(self) -> int:
        """The size in bytes."""

    def open(self) -> BinaryIO:
        """Open the file."""


class LocalFile(NamedTuple):
    """A file on disk."""

    path: Path

    @property
    def size(self) -> int:
        """The size in bytes."""
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """Open the file."""
        return self.path.open("rb")


class LoneFile(NamedTuple):
    """A weight file as if it were the only file of an adapter directory."""

    file: OneFile

    def sizes(self) -> dict[str, int]:
        """Return the size of the file, under the name that PEFT reads."""
        return {SAFETENSORS_NAME: self.file.size}

    def links_out(self) -> tuple[str, ...]:
        """Return nothing: there is no folder to leave."""
        return ()

    def kind_of(self, name: str) -> str | None:
        """Return nothing: there is no other file."""

    def open(self, name: str) -> BinaryIO:
        """Open the file."""
        return self.file.open()


Kind = Literal["folder", "file", "archive", "config"]
"""What an adapter comes in: a directory, a single weight file, an archive, or a config alone."""


class Source(NamedTuple):
    """One adapter: its name in reports, and its files.

    Attributes:
        name: the name.
        files: the files.
        kind: what the files come in.
        path: the directory or the single file, if it is on disk.
        unlisted: why there may be files that `files` does not list; None if it lists all.
    """

    name: str
    files: Files
    kind: Kind = "folder"
    path: Path | None = None
    unlisted: str | None = None

    @property
    def is_alone(self) -> bool:
        """Whether this is a single weight file."""
        return self.kind == "file"

    def read(self, *, with_values: bool = False, kept: FileCaches | None = None) -> Adapter:
        """Read the adapter; tensor values only if asked for and available."""
        has_values = self.kind in ("folder", "file")
        return read_adapter(self.files, with_values=with_values and has_values, kept=kept)

    def placed(self, report: AdapterReport) -> AdapterReport:
        """Return a report as it applies to this source.

        For a single weight file, locations are in the file that the report is about. Only what is
        on disk has fixes, since `loracfg fix` repairs nothing else.
        """
        if self.kind == "folder" and self.path:
            return report
        found = report.diagnostics
        if self.is_alone:
            found = tuple(map(_of_lone_file, _without_config(found)))
        if self.path is None:
            found = tuple(diagnostic._replace(fix=None) for diagnostic in found)
        gaps = report.not_checked
        if self.unlisted:
            gaps = (*gaps, NotChecked("other files of the folder", self.unlisted))
        return report._replace(diagnostics=found, not_checked=gaps)

    def repairable(self) -> Path:
        """Return what a repair starts from: the adapter's directory, or its single file.

        Raises:
            LoracfgError: it is not on disk.
        """
        if self.is_alone and self.path:
            return self.path
        return self.in_folder("but `fix` needs a folder")

    def in_folder(self, why: str) -> Path:
        """Return the directory of the adapter.

        Raises:
            LoracfgError: there is none on disk; `why` says who needs one.
        """
        if self.kind == "folder" and self.path:
            return self.path
        what, advice = _NO_FOLDERS[self.kind]
        raise LoracfgError(f"`{self.name}` is {what}, {why}", advice)


_NO_FOLDERS: Final[dict[Kind, tuple[str, str]]] = {
    "folder": ("on another machine", "download it and pass its folder"),
    "file": ("a single weight file", "pass its folder"),
    "archive": ("in an archive", "unpack it and pass its folder"),
    "config": ("a config alone", "pass its folder"),
}


def _without_config(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Drop the missing config from the findings of a single file that needs none."""
    if _NEEDS_NO_CONFIG.isdisjoint(one.code for one in found):
        return found
    return tuple(one for one in found if one.code != _MISSING_CONFIG)


def _of_lone_file(found: Diagnostic) -> Diagnostic:
    if found.code == _MISSING_CONFIG:
        message = found.message.replace(_IS_MISSING, _IS_ALONE, 1)
        advice = found.help if PASS_BOTH in found.help else PASS_BOTH
        found = found._replace(message=message, help=advice)
    related = tuple(one._replace(location=_placed(one.location)) for one in found.related)
    return found._replace(location=_placed(found.location), related=related)


def _placed(place: Location) -> Location:
    return place._replace(file="") if place.file == SAFETENSORS_NAME else place
