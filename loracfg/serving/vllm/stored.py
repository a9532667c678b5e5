"""Copies of adapters in a folder of ours, named after their content, so that they never change."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple

MAX_BYTES: Final = 64 * 1024**3
"""The largest adapter that is stored."""
_PIECE: Final = 1024 * 1024


class ReadFile(NamedTuple):
    """A file to store: its name, and its open content."""

    name: str
    stream: BinaryIO


def store(files: Iterable[ReadFile], cache: Path) -> Path:
    """Write files to a new folder below `cache`, and return it.

    The folder is named after the content of the files. If it is there, that one is returned, and
    nobody ever sees it half written.

    Raises:
        LoracfgError: the files are too large, or cannot be written.
    """
    scratch = None
    try:
        scratch = Path(tempfile.mkdtemp(prefix=".new-", dir=cache))
        digest = _write(files, scratch)
        scratch.chmod(0o755)  # the engine's other processes may run as another user
        target = cache / digest
        try:
            scratch.rename(target)
        except OSError:
            if not target.is_dir():  # another process has stored the same
                raise
    except OSError as error:
        message = f"the adapter cannot be copied to `{cache}`: {error.strerror or error}"
        raise LoracfgError(message, "check the space there and its permissions") from None
    finally:
        if scratch is not None and scratch.exists():
            shutil.rmtree(scratch, ignore_errors=True)
    return target


def _write(files: Iterable[ReadFile], folder: Path) -> str:
    """Write files, and return a digest of their names and contents."""
    digest, left = hashlib.sha256(), MAX_BYTES
    for file in files:
        digest.update(f"{len(file.name)}:{file.name}:".encode())
        content = hashlib.sha256()
        with file.stream, (folder / file.name).open("xb") as target:
            for piece in _pieces(file.stream):
                left -= len(piece)
                if left < 0:
                    message = f"the adapter has more than {MAX_BYTES} bytes"
                    raise LoracfgError(message, "check what is stored there")
                content.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        digest.update(content.digest())
    return digest.hexdigest()[:40]


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece
