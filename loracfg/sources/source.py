"""An adapter where it lies: in a folder, in an archive, or as a single weight file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

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
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import AdapterReport, Diagnostic, Location, NotChecked
from loracfg.sources.address import SearchedFolder
from loracfg.urls import is_url

if TYPE_CHECKING:
    from loracfg.sources.more_files import OneFile

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
NO_ADAPTER: Final = "`{}` is not an adapter folder, a `.safetensors` file or a zip or tar archive"
GIVE_FOLDER: Final = "pass the adapter's folder"
_CHECK_PATH: Final = "check the path"


class SourceError(LoracfgError):
    """Something that is not an adapter, and the code of the rule that reports it."""

    def __init__(self, code: str, message: str, help: str = _CHECK_PATH) -> None:  # noqa: A002
        super().__init__(message, help)
        self.code = code


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
        files: the files; those of an archive have only what a validation reads.
        kind: what the files come in.
        path: the directory or the single file, if it is on disk.
        unlisted: why there may be files that `files` does not list; None if it lists all.
        ask: returns a file that `files` may not list, or None if it does not exist; None if only
            what is listed can be read.
        unpack: writes an adapter of an archive to a folder, with all its files.
        searched: what was searched for adapters in vain.
    """

    name: str
    files: Files
    kind: Kind = "folder"
    path: Path | None = None
    unlisted: str | None = None
    ask: Callable[[str], OneFile | None] | None = None
    unpack: Callable[[Path], None] | None = None
    searched: SearchedFolder | None = None

    @property
    def is_alone(self) -> bool:
        """Whether this is a single weight file."""
        return self.kind == "file"

    @property
    def home(self) -> Path | None:
        """The directory of the adapter, if it is on disk."""
        return self.path if self.kind == "folder" else None

    def named(self, file: str) -> str:
        """Return the name of a file of this adapter."""
        if is_url(self.name):
            return f"{self.name.rstrip('/')}/{file}"
        return (Path(self.name) / file).as_posix()

    def with_asked(self, names: Iterable[str]) -> Source:
        """Return the adapter with files that may not be listed, if they can be asked for."""
        if self.ask is None:
            return self
        listed = self.files.sizes()
        found = {name: self.ask(name) for name in names if name not in listed}
        more = {name: file for name, file in found.items() if file is not None}
        if not more:
            return self
        from loracfg.sources.more_files import MoreFiles

        return self._replace(files=MoreFiles(self.files, more))

    def read(self, *, with_values: bool = False, kept: FileCaches | None = None) -> Adapter:
        """Read the adapter; tensor values only if asked for and available."""
        has_values = self.kind in ("folder", "file")
        return read_adapter(self.files, with_values=with_values and has_values, kept=kept)

    def placed(self, report: AdapterReport) -> AdapterReport:
        """Return a report as it applies to this source.

        For a single weight file, locations are in the file that the report is about.
        """
        found, gaps = report.diagnostics, report.not_checked
        if self.is_alone:
            found = tuple(map(_of_lone_file, _without_config(found)))
        if self.searched:
            found = tuple(_with_searched(one, self.searched) for one in found)
        if self.unlisted:
            gaps = (*gaps, NotChecked("other files of the folder", self.unlisted))
        if found is report.diagnostics and gaps is report.not_checked:
            return report
        return report._replace(diagnostics=found, not_checked=gaps)

    def in_folder(self, why: str) -> Path:
        """Return the directory of the adapter.

        Raises:
            LoracfgError: there is none on disk; `why` says who needs one.
        """
        if self.home:
            return self.home
        what, advice = _NO_FOLDERS[self.kind]
        raise LoracfgError(f"`{self.name}` is {what}, {why}", advice)


_NO_FOLDERS: Final[dict[Kind, tuple[str, str]]] = {
    "folder": ("on another machine", "use `--output`"),
    "file": ("a single weight file", "pass its folder"),
    "archive": ("in an archive", "use `--output`, or unpack it and pass its folder"),
    "config": ("a config alone", "pass its folder"),
}


def _without_config(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Drop the missing config from the findings of a single file that needs none."""
    if _NEEDS_NO_CONFIG.isdisjoint(one.code for one in found):
        return found
    return tuple(one for one in found if one.code != _MISSING_CONFIG)


def _with_searched(found: Diagnostic, searched: SearchedFolder) -> Diagnostic:
    if found.code != NOT_AN_ADAPTER:
        return found
    advice = "exclude less" if searched.excluded else found.help
    return found._replace(message=f"{found.message}; {searched.words}", help=advice)


def _of_lone_file(found: Diagnostic) -> Diagnostic:
    if found.code == _MISSING_CONFIG:
        message = found.message.replace(_IS_MISSING, _IS_ALONE, 1)
        advice = found.help if PASS_BOTH in found.help else PASS_BOTH
        found = found._replace(message=message, help=advice)
    related = tuple(one._replace(location=_placed(one.location)) for one in found.related)
    return found._replace(location=_placed(found.location), related=related)


def _placed(place: Location) -> Location:
    return place._replace(file="") if place.file == SAFETENSORS_NAME else place
