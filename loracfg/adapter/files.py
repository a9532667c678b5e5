"""Access to the files of an adapter; archives and uploads implement the same protocol."""

from __future__ import annotations

import errno
import io
import os
import stat
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from loracfg.config import CONFIG_NAME
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple

ADDED_TOKENS_NAME: Final = "added_tokens.json"
TOKENIZER_FILES: Final = frozenset({ADDED_TOKENS_NAME, "tokenizer_config.json", "tokenizer.json"})
"""The files of a tokenizer that are read."""


class Files(Protocol):
    """The files of a directory, by name."""

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of each file, by name.

        Sub-folders are listed with a trailing `/`. From direct sub-folders, the adapter config is
        listed too.
        """

    def links_out(self) -> tuple[str, ...]:
        """Return the names of links to places outside the directory."""

    def kind_of(self, name: str) -> str | None:
        """Return what has this name if it is not a file, such as `a folder`; else None."""

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading.

        Raises:
            OSError: it cannot be read.
        """


class NotHeldError(OSError):
    """The requested part of a file is not available, since only other parts were sent."""


class Folder(NamedTuple):
    """A directory on disk."""

    path: Path

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of each regular file, and 0 for each sub-folder.

        A sub-folder's `adapter_config.json` is listed too, as `folder/adapter_config.json`.

        Raises:
            LoracfgError: the directory cannot be listed.
        """
        found = {}
        try:
            with os.scandir(self.path) as entries:
                for entry in sorted(entries, key=attrgetter("name")):
                    if _is_loop(entry):
                        continue
                    if entry.is_dir():
                        found[entry.name + "/"] = 0
                        found |= _config_in(self.path / entry.name)
                    elif entry.is_file():
                        found[entry.name] = entry.stat().st_size
        except OSError as error:
            raise LoracfgError(f"cannot list `{self.path}`: {error.strerror}") from None
        except ValueError as error:  # a null character in the path
            raise LoracfgError(f"cannot list `{self.path}`: {error}") from None
        return found

    def links_out(self) -> tuple[str, ...]:
        """Return the links to places outside, except the cache of huggingface_hub.

        Raises:
            OSError: the directory cannot be listed.
        """
        with os.scandir(self.path) as entries:
            links = sorted(entry.name for entry in entries if entry.is_symlink())
        home = self.path.resolve() if links else self.path
        return tuple(name for name in links if leads_out(home / name, home))

    def kind_of(self, name: str) -> str | None:
        """Return what has this name if it is not a file, without opening it."""
        return kind_at(self.path / name)

    def open(self, name: str) -> BinaryIO:
        """Open a file of the directory."""
        return open(os.path.join(self.path, name), "rb")  # noqa: PTH118, PTH123  # faster


FOLDER: Final = "a folder"
DEAD_LINK: Final = "a link to nothing"
_DEAD: Final = (errno.ENOENT, errno.ELOOP, errno.ENOTDIR)
_KINDS: Final = {
    stat.S_IFDIR: FOLDER,
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def kind_at(path: Path) -> str | None:
    """Return what is at a path if it is not a file: `a folder`, `a named pipe` and so on.

    This opens nothing. The result is None for a file, for a path where nothing is, and for a path
    that must not be accessed.
    """
    try:
        return _KINDS.get(stat.S_IFMT(path.stat().st_mode))
    except OSError as error:
        is_dead = error.errno in _DEAD and os.path.islink(path)  # noqa: PTH114  # never raises
        return DEAD_LINK if is_dead else None
    except ValueError:
        return None


def is_regular(path: Path, root: Path | None = None) -> bool:
    """Tell whether `open_regular` opens what is at a path."""
    try:
        return path.is_file() and (root is None or path.resolve().is_relative_to(root))
    except (OSError, RuntimeError, ValueError):
        return False


def open_regular(path: Path, root: Path | None = None) -> BinaryIO:
    """Open a file for reading, and never a pipe or a device, which could block.

    Args:
        path: the file.
        root: a folder with links resolved, which links in `path` must not leave.

    Raises:
        OSError: it cannot be read, is not a regular file, or is outside `root`.
    """
    if root is not None:
        path = path.resolve()
        if not path.is_relative_to(root):
            raise PermissionError(errno.EACCES, "it is a link out of the folder")
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(number).st_mode):
        return os.fdopen(number, "rb")
    os.close(number)
    raise OSError(errno.EINVAL, "it is not a file")


def _is_loop(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a link that leads to itself."""
    try:
        entry.is_dir()
    except OSError as error:
        if error.errno == errno.ELOOP:
            return True
        raise
    return False


def leads_out(path: Path, home: Path) -> bool:
    """Tell whether a path leads to something outside a folder and outside a cache's `blobs`."""
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    repo = real.parent.parent.name
    is_cached = real.parent.name == "blobs" and repo.startswith("models--")
    return not is_cached and not real.is_relative_to(home)


def _config_in(folder: Path) -> dict[str, int]:
    config = folder / CONFIG_NAME
    try:
        return {f"{folder.name}/{CONFIG_NAME}": config.stat().st_size} if config.is_file() else {}
    except OSError:  # no permission to enter the folder
        return {}


class LoneConfig(NamedTuple):
    """A config as if it were the only file of an adapter directory.

    With `is_planned`, it is the config of an adapter that has not been trained yet.
    """

    data: bytes
    is_planned: bool = False

    def sizes(self) -> dict[str, int]:
        """Return the size of the config."""
        return {CONFIG_NAME: len(self.data)}

    def links_out(self) -> tuple[str, ...]:
        """Return nothing: there is no folder to leave."""
        return ()

    def kind_of(self, name: str) -> str | None:
        """Return nothing: there is no other file."""

    def open(self, name: str) -> BinaryIO:
        """Open the config."""
        return io.BytesIO(self.data)
