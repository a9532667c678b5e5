"""Open what is at a path on another machine: a folder, a weight file or an archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final, Protocol

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.config import CONFIG_NAME
from loracfg.sources.remote.directory import RemoteFolder
from loracfg.sources.remote.errors import AbsentError, RemoteError, not_an_adapter
from loracfg.sources.remote.ranged_file import RangedFile
from loracfg.sources.source import NOT_AN_ADAPTER, LoneFile, Source, SourceError

_ARCHIVES: Final = (".zip", ".tar", ".tar.gz", ".tgz")
_LONE: Final = ".safetensors"
_UNLISTED: Final = "the server does not list them"


class RemotePlace(Protocol):
    """A server, a repository or an object store. All methods raise `RemoteError`."""

    @property
    def advice(self) -> str:
        """What to do if a folder has no adapter."""

    def folder(self, path: str) -> RemoteFolder:
        """Return a folder."""

    def file(self, path: str) -> RangedFile | None:
        """Return a file, or None if there is none."""

    def pieces(self, path: str) -> Iterator[bytes]:
        """Yield the content of a file piece by piece."""


def is_file(path: str) -> bool:
    """Whether a path names a weight file or an archive, by its extension."""
    return path.lower().endswith((_LONE, *_ARCHIVES))


def open_at(place: RemotePlace, path: str, name: str) -> Iterator[Source]:
    """Yield the adapters at a path: one, or those in an archive.

    Args:
        place: where the path is.
        path: the path.
        name: its name in reports.

    Raises:
        SourceError: there are none, or they cannot be downloaded.
    """
    file = PurePosixPath(path).name.lower()
    if file.endswith(_LONE):
        yield Source(name, LoneFile(_existing(place, path, name)), "file")
    elif file.endswith(_ARCHIVES):
        from loracfg.sources.archive_adapters import adapters_in_archive

        yield from adapters_in_archive(name, lambda: place.pieces(path))
    else:
        yield _folder(place, path, name)


def _existing(place: RemotePlace, path: str, name: str) -> RangedFile:
    found = place.file(path)
    if found is None:
        raise AbsentError(f"`{name}` does not exist", "check the URL")
    return found


def _folder(place: RemotePlace, path: str, name: str) -> Source:
    folder = place.folder(path)
    if folder.listed is None and not folder.files:
        if _is_other_file(place, path):
            raise not_an_adapter(name)
        message = f"`{name}` has neither `{CONFIG_NAME}` nor `{SAFETENSORS_NAME}`"
        raise SourceError(NOT_AN_ADAPTER, message, place.advice)
    unlisted = _UNLISTED if folder.listed is None else None
    return Source(name, folder, unlisted=unlisted, ask=folder.find)


def _is_other_file(place: RemotePlace, path: str) -> bool:
    """Whether there is a file with an extension at a path where no adapter is."""
    try:
        return bool(PurePosixPath(path).suffix) and place.file(path) is not None
    except RemoteError:  # a folder, which a server shows as a page
        return False
