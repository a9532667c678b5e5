"""What a path names: an adapter in a folder, adapters in an archive, or a single weight file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from loracfg.adapter.directory import (
    PICKLE_NAME,
    SAFETENSORS_NAME,
    Adapter,
    FileCaches,
    read_adapter,
)
from loracfg.adapter.files import DEAD_LINK, FOLDER, Files, Folder, kind_at
from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.report.report import AdapterReport, Diagnostic, Location

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


class LoneFile(NamedTuple):
    """A weight file as if it were the only file of an adapter directory."""

    path: Path

    def sizes(self) -> dict[str, int]:
        """Return the size of the file, under the name that PEFT reads."""
        return {SAFETENSORS_NAME: self.path.stat().st_size}

    def links_out(self) -> tuple[str, ...]:
        """Return nothing: there is no folder to leave."""
        return ()

    def kind_of(self, name: str) -> str | None:
        """Return nothing: there is no other file."""

    def open(self, name: str) -> BinaryIO:
        """Open the file."""
        return self.path.open("rb")


class Source(NamedTuple):
    """One adapter: its name in reports, and its files.

    `folder` is their directory; None for a single file and in an archive.
    """

    name: str
    files: Files
    folder: Path | None = None

    @property
    def is_alone(self) -> bool:
        """Whether this is a single weight file."""
        return isinstance(self.files, LoneFile)

    def read(self, *, with_values: bool = False, kept: FileCaches | None = None) -> Adapter:
        """Read the adapter; tensor values only if asked for and available."""
        has_values = self.folder is not None or self.is_alone
        return read_adapter(self.files, with_values=with_values and has_values, kept=kept)

    def placed(self, report: AdapterReport) -> AdapterReport:
        """Return a report as it applies to this source.

        For a single weight file, locations are in the file that the report is about. Findings in an
        archive have no fix, since `loracfg fix` does not repair archives.
        """
        if self.folder is not None:
            return report
        if self.is_alone:
            found = tuple(map(_of_lone_file, _without_config(report.diagnostics)))
        else:
            found = tuple(diagnostic._replace(fix=None) for diagnostic in report.diagnostics)
        return report._replace(diagnostics=found)

    def repairable(self) -> Path:
        """Return what a repair starts from: the adapter's directory, or its single file.

        Raises:
            LoracfgError: if it is in an archive.
        """
        if isinstance(self.files, LoneFile):
            return self.files.path
        return self.in_folder("but `fix` needs a folder")

    def in_folder(self, why: str) -> Path:
        """Return the directory of the adapter.

        Raises:
            LoracfgError: if there is none; `why` says who needs one.
        """
        if self.folder is None:
            kind = "a single weight file" if self.is_alone else "in an archive"
            advice = "pass its folder" if self.is_alone else "unpack it and pass its folder"
            raise LoracfgError(f"`{self.name}` is {kind}, {why}", advice)
        return self.folder


def homes_of(paths: Iterable[str | Path]) -> list[Path]:
    """Return the distinct folders and files of paths; an adapter's file means its folder."""
    return list(dict.fromkeys(map(_home_of, map(Path, paths))))


def open_sources(home: Path) -> Iterator[Source]:
    """Yield the adapters at a path: one, or those in an archive.

    Raises:
        SourceError: if there are none.
        OSError: if it cannot be read.
    """
    if home.is_dir():
        yield Source(str(home), Folder(home), home)
        return
    if not home.is_file():
        raise _no_file(home)
    if home.suffix.lower() == _LONE:
        yield Source(str(home), LoneFile(home))
        return
    from loracfg.sources.archive.opened import is_archive

    if not is_archive(home):
        raise _unknown(home)
    yield from _in_archive(home)


def open_source(path: str | Path) -> Source:
    """Return the one adapter that a path names.

    Raises:
        LoracfgError: if there is none, or there are several.
    """
    (home,) = homes_of([path])
    try:
        found = list(open_sources(home))
    except OSError as error:
        raise LoracfgError(f"`{home}` cannot be read: {error.strerror or error}") from None
    if len(found) > 1:
        advice = "unpack it and pass the folder of one"
        raise LoracfgError(f"`{home}` has {len(found)} adapters", advice)
    return found[0]


def _in_archive(path: Path) -> Iterator[Source]:
    from loracfg.sources.archive.limits import Limits, RefusedFilesError
    from loracfg.sources.archive.opened import adapters_at

    try:
        found = adapters_at(path, Limits())
    except RefusedFilesError as error:
        advice = "unpack it and pass the folder" if error.reason == "too-large" else error.help
        raise SourceError(UNREADABLE_ARCHIVE, f"`{path}`: {error.message}", advice) from None
    if not any(files.sizes() for files in found.values()):
        raise SourceError(NOT_AN_ADAPTER, f"`{path}` is an archive without files")
    for home, files in found.items():
        yield Source(f"{path}/{home}" if home else str(path), files)


def _home_of(path: Path) -> Path:
    """Return the folder if the path names an adapter's file, even a dead link or no real file."""
    if path.name not in OWN_FILES:
        return path
    try:
        kind = kind_at(path)
        return path.parent if path.is_file() or kind not in (None, FOLDER) else path
    except (OSError, ValueError):
        return path  # it is read later, and errors are reported then


def _no_file(home: Path) -> SourceError:
    kind = kind_at(home)
    if kind is None:
        return SourceError(NO_SUCH_PATH, f"`{home}` does not exist")
    code = NO_SUCH_PATH if kind == DEAD_LINK else NOT_AN_ADAPTER
    return SourceError(code, f"`{home}` is {kind}", "pass the adapter's folder")


def _unknown(home: Path) -> SourceError:
    message = f"`{home}` is not an adapter folder, a `{_LONE}` file or a zip or tar archive"
    has_own = any((home.parent / name).is_file() for name in OWN_FILES)
    advice = f"pass its folder, `{home.parent}`" if has_own else "pass the adapter's folder"
    if home.suffix.lower() in _OTHER_ARCHIVES:
        advice = "unpack it first; only zip, tar and tar.gz archives are read"
    return SourceError(NOT_AN_ADAPTER, message, advice)


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
