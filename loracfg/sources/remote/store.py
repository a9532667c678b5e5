"""Object stores, and whatever else fsspec knows."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from inspect import signature
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, TypeVar

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import StoreAddress
from loracfg.sources.remote.directory import RemoteFolder
from loracfg.sources.remote.errors import INSTALL, AbsentError, RemoteError, not_an_adapter
from loracfg.sources.remote.ranged_file import FileRange, RangedFile

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_Result = TypeVar("_Result")

Turn = Callable[[], AbstractContextManager[None]]
_VERSIONS: Final = ("ETag", "etag", "md5Hash", "LastModified", "mtime", "created")
"""The keys under which the file systems of fsspec give what changes with a file."""
_ABSENT: Final = frozenset({"NoSuchBucket", "NoSuchKey", "404"})
_REFUSED: Final = frozenset(
    {
        "AccessDenied",
        "AllAccessDisabled",
        "ExpiredToken",
        "InvalidAccessKeyId",
        "InvalidToken",
        "SignatureDoesNotMatch",
        "403",
    }
)
"""What S3 answers; its file system only gives other operations than pages errors of Python."""
_PIECE: Final = 8 * 1024 * 1024
_PAGE: Final = 1000
"""The entries of a listing that are read at a time."""
_SECONDS: Final = 120.0
"""The time for one operation; file systems have time limits of their own, or none."""
_S3: Final = ("s3", "s3a")
_GOOGLE: Final = ("gcs", "gs")
_AZURE: Final = ("abfs", "abfss", "adl", "az")
_OTHERS: Final = ("hdfs", "memory", "oci", "ocilake", "oss", "sftp", "smb", "ssh")
PROTOCOLS: Final = frozenset({*_S3, *_GOOGLE, *_AZURE, *_OTHERS})
"""Those of stores. Other file systems of fsspec read whole answers, follow redirects to anywhere
with the passwords of `.netrc`, or wrap an address in another."""
_MOST_FOLDERS: Final = 50
"""The sub-folders that are listed, to find the adapters in them."""
_MOST_IN_ADAPTER: Final = 100_000
MOST_IN_FOLDER: Final = 5_000_000
"""The entries of a folder of adapters; more are of a store whose pages have no end."""
_MOST_BELOW: Final = 100_000_000


def store_at(
    address: StoreAddress, seconds: float = _SECONDS, turn: Turn = nullcontext
) -> StorePlace:
    """Return the store of an address; `seconds` and `turn` are those of `StorePlace`.

    Raises:
        RemoteError: fsspec or the package for the store is not installed.
    """
    try:
        from fsspec import available_protocols
        from fsspec.core import split_protocol, url_to_fs
    except ImportError:
        message = "object stores cannot be read: `fsspec` is not installed"
        raise RemoteError(message, INSTALL) from None
    name = str(address)
    protocol, _ = split_protocol(address.url)
    if protocol not in PROTOCOLS or protocol not in available_protocols():
        message = f"`{name}` cannot be read: `{protocol}` is no protocol of a known store"
        raise RemoteError(message, "check the URL, or download the files")
    try:
        store, path = url_to_fs(address.url)
    except ImportError as error:
        message = f"`{name}` cannot be read: {error}"
        raise RemoteError(message, "install that package in loracfg's environment") from None
    except Exception as error:  # each file system has its own
        raise _explained(error, name) from None
    return StorePlace(store, path, name, seconds, turn)


class StoreEntry(NamedTuple):
    """A file or folder in a store.

    Attributes:
        path: the path.
        size: the size in bytes; 0 for a folder.
        version: what changes with a file, such as an ETag.
        is_folder: whether it is a folder.
    """

    path: str
    size: int = 0
    version: str | None = None
    is_folder: bool = False

    @classmethod
    def of(cls, entry: Mapping[str, object]) -> StoreEntry:
        """Return an entry as a file system of fsspec gives it."""
        size = entry.get("size")
        version = next((str(entry[key]) for key in _VERSIONS if entry.get(key)), None)
        is_folder = entry["type"] == "directory"
        return cls(str(entry["name"]), int(f"{size or 0}"), version, is_folder)

    @property
    def name(self) -> str:
        """The last step of the path."""
        return PurePosixPath(self.path).name


async def _page_of(listing: AsyncIterator[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Return the next entries of a listing of S3; fewer than a page at its end."""
    found: list[Mapping[str, object]] = []
    async for entry in listing:
        found.append(entry)
        if len(found) == _PAGE:
            break
    return found


class StorePlace:
    """The paths of a file system of fsspec."""

    advice: Final = "check the URL; pass the adapter's folder"

    def __init__(
        self,
        store: AbstractFileSystem,
        path: str,
        name: str,
        seconds: float = _SECONDS,
        turn: Turn = nullcontext,
    ) -> None:
        """Create a place.

        Args:
            store: the file system.
            path: the path that was named.
            name: its name in errors.
            seconds: the time for one operation.
            turn: returns what is entered for the time of each.
        """
        self._store, self._name, self._seconds, self._turn = store, name, seconds, turn
        self.path = path

    def folder(self, path: str) -> RemoteFolder:
        """List a folder.

        Raises:
            SourceError: it is a file.
        """
        entries = self.entries_in(path)
        if not entries and self._is_file(path):
            raise not_an_adapter(self._name)
        folder = self.folder_of(entries)
        if not {CONFIG_NAME, SAFETENSORS_NAME, PICKLE_NAME} & folder.files.keys():
            listed = dict(folder.listed or {})
            below = self._configs_below(path, [name for name in listed if name.endswith("/")])
            return folder._replace(listed=listed | below)
        return folder

    def folder_of(self, entries: Iterable[StoreEntry]) -> RemoteFolder:
        """Return a folder with entries that the file system has listed."""
        listed: dict[str, int] = {}
        files = {}
        for entry in entries:
            if entry.is_folder:
                listed[f"{entry.name}/"] = 0
            else:
                listed[entry.name] = entry.size
                files[entry.name] = self._file(entry)
        return RemoteFolder(files, listed)

    def file(self, path: str) -> RangedFile | None:
        """Return a file, or None if there is none."""
        try:
            return self._file(StoreEntry.of(self._run(lambda: self._store.info(path))))
        except AbsentError:
            return None

    def pieces(self, path: str) -> Iterator[bytes]:
        """Yield the content of a file piece by piece."""
        file = self.file(path)
        if file is None:
            raise RemoteError(f"`{self._name}` does not exist", "check the URL")
        with file.open() as stream:
            while data := stream.read(_PIECE):
                yield data

    def entries_below(self, path: str) -> Iterator[StoreEntry]:
        """Yield all files below a path, in the order of their paths where the store can list so.

        S3 lists them page by page. Other stores are listed folder by folder, files before folders.

        Raises:
            RemoteError: they cannot be listed, or do not end.
        """
        paged = self._paged(path, "")
        entries = self._walked(path) if paged is None else paged
        files = (entry for entry in entries if not entry.path.endswith("/"))
        for number, entry in enumerate(files):
            if number == _MOST_BELOW:
                raise self.too_many(_MOST_BELOW)
            yield entry

    def _paged(self, path: str, delimiter: str) -> Iterator[StoreEntry] | None:
        """Return the entries in S3 with a prefix, as their pages come; None of other stores."""
        pages = getattr(self._store, "_iterdir", None)
        bucket, _, prefix = path.rstrip("/").partition("/")
        if pages is None or "delimiter" not in signature(pages).parameters or not bucket:
            return None
        return self._in_pages(pages(bucket, delimiter=delimiter, prefix=prefix and f"{prefix}/"))

    def _in_pages(self, listing: AsyncIterator[Mapping[str, object]]) -> Iterator[StoreEntry]:
        from fsspec.asyn import sync

        while True:
            page = self._run(lambda: sync(self._store.loop, _page_of, listing))
            yield from map(StoreEntry.of, page)
            if len(page) < _PAGE:
                return

    def too_many(self, most: int) -> RemoteError:
        """Return the error of a listing that has more than so many entries."""
        message = f"`{self._name}` has more than {most:,} entries"
        return RemoteError(message, "pass the folder of an adapter, or a list of adapters")

    def _walked(self, path: str) -> Iterator[StoreEntry]:
        waiting = [path]
        while waiting:
            entries = sorted(self.entries_in(waiting.pop()))
            yield from (one for one in entries if not one.is_folder)
            waiting += [one.path for one in reversed(entries) if one.is_folder]

    def entries_in(self, path: str, most: int = _MOST_IN_ADAPTER) -> list[StoreEntry]:
        """List a folder; a file has no entries.

        Raises:
            RemoteError: it cannot be listed, or has more than so many entries.
        """
        paged = self._paged(path, "/")
        found = list(islice(paged, most + 1)) if paged is not None else []
        if not found:
            found = list(map(StoreEntry.of, self._run(lambda: self._ls(path, paged is not None))))
        if len(found) > most:
            raise self.too_many(most)
        own = PurePosixPath(path)  # S3 lists the marker of a folder in it, others list a file
        return [entry for entry in found if PurePosixPath(entry.path) != own]

    def _ls(self, path: str, is_empty: bool) -> list[Mapping[str, object]]:
        """List a folder, or the file itself at a path below which is nothing."""
        listed: list[Mapping[str, object]] = (
            [self._store.info(path)] if is_empty else self._store.ls(path, detail=True)
        )
        return listed

    def _is_file(self, path: str) -> bool:
        try:
            return bool(self._run(lambda: self._store.info(path))["type"] == "file")
        except AbsentError:
            return False

    def _configs_below(self, path: str, folders: list[str]) -> dict[str, int]:
        """Return the adapter configs in sub-folders."""
        found = {}
        for folder in folders[:_MOST_FOLDERS]:
            for entry in self.entries_in(f"{path.rstrip('/')}/{folder.rstrip('/')}"):
                if entry.name == CONFIG_NAME and not entry.is_folder:
                    found[folder + CONFIG_NAME] = entry.size
        return found

    def _file(self, entry: StoreEntry) -> RangedFile:
        path, name, size, version = entry.path, entry.name, entry.size, entry.version

        def download(start: int, stop: int) -> FileRange:
            data = self._run(lambda: self._store.cat_file(path, start=start, end=stop))
            if len(data) != stop - start:
                raise RemoteError(f"`{name}` changed while it was read", "run the command again")
            return FileRange(data, start, size, version)

        return RangedFile(name, download, FileRange(b"", 0, size, version))

    def _run(self, operation: Callable[[], _Result]) -> _Result:
        """Return the result of an operation, which is left to itself if it takes too long."""
        done: list[_Result] = []
        failed: list[Exception] = []

        def run() -> None:
            try:
                done.append(operation())
            except Exception as error:
                failed.append(error)

        with self._turn():
            worker = threading.Thread(target=run, daemon=True)
            worker.start()
            worker.join(self._seconds)
        if failed:
            raise _explained(failed[0], self._name) from None
        if not done:
            message = f"`{self._name}` did not answer within {self._seconds:g} seconds"
            raise RemoteError(message, "check the network, or try again later")
        return done[0]


def _explained(error: Exception, name: str) -> LoracfgError:
    """Return an error of a file system as ours; its own text may contain secrets."""
    if isinstance(error, LoracfgError):
        return error
    code = _code_of(error)
    if isinstance(error, FileNotFoundError | NotADirectoryError) or code in _ABSENT:
        return AbsentError(f"`{name}` does not exist", "check the URL")
    if isinstance(error, PermissionError) or code in _REFUSED:
        message = f"the store refuses access to `{name}`"
        return RemoteError(message, "check your credentials and permissions")
    if isinstance(error, ValueError) and "endpoint" in str(error):  # as botocore says
        message = f"`{name}` cannot be read: the endpoint of the store is not a URL"
        return RemoteError(message, "check `AWS_ENDPOINT_URL` and the configuration of the store")
    kind = type(error).__name__
    if "Credential" in kind or "Token" in kind:
        advice = "set the credentials of the store in the environment"
        return RemoteError(f"`{name}` cannot be read without credentials ({kind})", advice)
    if isinstance(error, TimeoutError) or "Timeout" in kind or "Connect" in kind:
        return RemoteError(f"the store of `{name}` cannot be reached ({kind})", "check the network")
    advice = "check the URL, the network and your credentials"
    return RemoteError(f"`{name}` cannot be read ({kind})", advice)


def _code_of(error: Exception) -> object:
    """Return the code of an answer of S3, as botocore keeps it."""
    response = getattr(error, "response", None)
    answer = response.get("Error") if isinstance(response, Mapping) else None
    return answer.get("Code") if isinstance(answer, Mapping) else None
