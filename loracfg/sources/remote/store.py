"""Open adapters in object stores, and whatever else fsspec knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.sources.address import StoreAddress
from loracfg.sources.remote.directory import RemoteFolder
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.ranged_file import FIRST_BYTES, Part, RangedFile
from loracfg.sources.source import OWN_FILES, LoneFile, Source

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_ARCHIVES: Final = (".zip", ".tar", ".tar.gz", ".tgz")
_LONE: Final = ".safetensors"
_VERSIONS: Final = ("ETag", "etag", "md5Hash", "LastModified", "mtime")
"""The keys under which the file systems of fsspec give what changes with a file."""
_PIECE: Final = 8 * 1024 * 1024


def open_store(address: StoreAddress) -> Iterator[Source]:
    """Yield the adapters at an address in an object store.

    Raises:
        SourceError: there are none, or they cannot be read.
    """
    name = str(address)
    with _explained(name):
        store, path = _store_at(address.url)
        file = PurePosixPath(path).name
        if file in OWN_FILES:
            home = str(PurePosixPath(path).parent)
            yield Source(name.removesuffix(file), _folder(store, home))
        elif file.lower().endswith(_LONE):
            found = _file(store, store.info(path), name)
            yield Source(name, LoneFile(found), "file")
        elif file.lower().endswith(_ARCHIVES):
            from loracfg.sources.archive_adapters import adapters_in_archive

            yield from adapters_in_archive(name, _pieces(store, path))
        else:
            yield Source(name, _folder(store, path))


def _store_at(url: str) -> tuple[AbstractFileSystem, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        message = "object stores cannot be read: `fsspec` is not installed"
        raise LoracfgError(message, "install `loracfg[remote]`") from None
    store, path = url_to_fs(url)
    return store, path


def _folder(store: AbstractFileSystem, home: str) -> RemoteFolder:
    """List a folder, and read the beginnings of the files that PEFT reads."""
    entries = {PurePosixPath(entry["name"]).name: entry for entry in store.ls(home, detail=True)}
    entries.pop(PurePosixPath(home).name, None)  # S3 lists the marker of the folder itself
    listed, files = {}, {}
    for name, entry in entries.items():
        if entry["type"] == "directory":
            listed[f"{name}/"] = 0
        else:
            listed[name] = int(entry["size"] or 0)
    for name in (CONFIG_NAME, SAFETENSORS_NAME, PICKLE_NAME):
        if name in listed and not (name == PICKLE_NAME and SAFETENSORS_NAME in files):
            files[name] = _file(store, entries[name], name)
    return RemoteFolder(files, listed)


def _file(store: AbstractFileSystem, entry: Mapping[str, Any], name: str) -> RangedFile:
    size, path = int(entry["size"] or 0), entry["name"]
    version = next((str(entry[key]) for key in _VERSIONS if entry.get(key)), None)

    def download(start: int, stop: int) -> Part:
        with _explained(name):
            data = store.cat_file(path, start, min(stop, size)) if start < size else b""
        if len(data) != min(stop, size) - start:
            message = f"`{name}` changed while it was read"
            raise RemoteError(message, "run the command again")
        return Part(data, start, size, version)

    return RangedFile(name, download, download(0, FIRST_BYTES))


def _pieces(store: AbstractFileSystem, path: str) -> Iterator[bytes]:
    with store.open(path, "rb", block_size=_PIECE) as stream:
        yield from iter(partial(stream.read, _PIECE), b"")


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Raise errors of fsspec and its file systems as ours."""
    try:
        yield
    except LoracfgError:
        raise
    except FileNotFoundError:
        raise RemoteError(f"`{name}` does not exist", "check the URL") from None
    except PermissionError:
        message, advice = f"`{name}` must not be read", "check your credentials and permissions"
        raise RemoteError(message, advice) from None
    except ImportError as error:
        message = f"`{name}` cannot be read: a package is missing ({error})"
        raise RemoteError(message, "install it") from None
    except ValueError as error:
        raise RemoteError(f"`{name}` cannot be read: {error}", "check the URL") from None
    except Exception as error:  # each file system has its own
        message = f"`{name}` cannot be read: {type(error).__name__}"
        raise RemoteError(message, "check the URL, the network and your credentials") from error
