"""What a verdict on an adapter takes, read from wherever it is and held in memory."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from errno import EIO
from typing import BinaryIO, Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.files import TOKENIZER_FILES, Files, NotHeldError
from loracfg.adapter.header.other_formats import HEAD_BYTES, read_exactly
from loracfg.adapter.header.safetensors_file import MAX_HEADER_BYTES
from loracfg.adapter.tokenizer import MAX_BYTES as MAX_TOKENIZER_BYTES
from loracfg.config import CONFIG_NAME
from loracfg.document.json_document import MAX_BYTES
from loracfg.named_tuple import NamedTuple
from loracfg.sources.archive.held import HeldFile, HeldFiles
from loracfg.sources.more_files import OneFile
from loracfg.sources.source import Kind, Source

_LENGTH_BYTES: Final = 8


class HeldParts(NamedTuple):
    """A file whose parts that were read are in memory, by their positions."""

    size: int
    parts: tuple[tuple[int, bytes], ...]

    def open(self) -> BinaryIO:
        """Open the file; bytes that are not in memory cannot be read."""
        return _Parts(self)  # type: ignore[return-value]


@dataclass(frozen=True)
class ReadFiles(HeldFiles):
    """The files of an adapter; those that were read at several places are in `parts`."""

    parts: Mapping[str, HeldParts] | None = None

    def open(self, name: str) -> BinaryIO:
        """Open a file."""
        found = (self.parts or {}).get(name)
        return found.open() if found else super().open(name)


class Unread(NamedTuple):
    """An adapter that could not be read: the code of the rule that reports it, and why."""

    code: str
    message: str
    help: str


class Contents(NamedTuple):
    """One adapter, as far as a verdict needs it.

    Attributes:
        name: its name in reports.
        files: its files.
        kind: what they come in.
        unlisted: why there may be other files.
        can_ask: whether other files could have been asked for.
        config_digest: the SHA-256 of the config, if it was read.
        header_digest: the SHA-256 of the header of the weights, if they are safetensors.
        weights_etag: what the server gives to distinguish contents of the weights.
    """

    name: str
    files: Files
    kind: Kind
    unlisted: str | None
    can_ask: bool
    config_digest: str | None
    header_digest: str | None
    weights_etag: str | None

    def source(self) -> Source:
        """Return the adapter as an engine opens it."""
        ask = _nothing_else if self.can_ask else None
        return Source(self.name, self.files, self.kind, None, self.unlisted, ask)

    @property
    def digest(self) -> bytes:
        """A digest of all that the verdict depends on, but the name."""
        found = hashlib.sha256(repr((self.kind, self.unlisted, self.can_ask)).encode())
        found.update(repr((self.files.sizes(), self.files.links_out())).encode())
        found.update(repr((self.config_digest, self.header_digest)).encode())
        known = {CONFIG_NAME} if self.config_digest else set[str]()
        known |= {SAFETENSORS_NAME} if self.header_digest else set()
        for name, data in _data_of(self.files):
            if name not in known:
                found.update(f"\0{name}\0{len(data)}\0".encode())
                found.update(data)
        return found.digest()


def contents_of(source: Source, more: tuple[str, ...] = ()) -> Contents:
    """Read what a verdict takes of an adapter.

    Args:
        source: the adapter.
        more: other files that are read whole, such as a model card.

    Raises:
        SourceError: a file cannot be downloaded.
        LoracfgError: a folder cannot be listed.
    """
    source = source.with_asked(more)
    files = _read(source.files, more)
    return Contents(
        source.name,
        files,
        source.kind,
        source.unlisted,
        source.ask is not None,
        config_digest_of(files),
        header_digest_of(files),
        _etag(source.files),
    )


def header_digest_of(files: Files) -> str | None:
    """Return the SHA-256 of the header of a safetensors file; None if there is none."""
    size = files.sizes().get(SAFETENSORS_NAME)
    if size is None:
        return None
    try:
        with files.open(SAFETENSORS_NAME) as stream:
            start = read_exactly(stream, _LENGTH_BYTES)
            length = int.from_bytes(start, "little")
            if len(start) < _LENGTH_BYTES or length > min(MAX_HEADER_BYTES, size - _LENGTH_BYTES):
                return None
            return hashlib.sha256(start + read_exactly(stream, length)).hexdigest()
    except OSError:
        return None


def config_digest_of(files: Files) -> str | None:
    """Return the SHA-256 of the config; None if there is none that can be read."""
    if CONFIG_NAME not in files.sizes():
        return None
    try:
        with files.open(CONFIG_NAME) as stream:
            return hashlib.sha256(stream.read(MAX_BYTES + 1)).hexdigest()
    except OSError:
        return None


def _nothing_else(name: str) -> OneFile | None:
    """Return nothing: all that is asked for was asked for when the adapter was read."""


def _read(files: Files, more: tuple[str, ...]) -> Files:
    if isinstance(files, HeldFiles):
        return files
    held: dict[str, HeldFile] = {}
    parts: dict[str, HeldParts] = {}
    for name, size in files.sizes().items():
        if name == PICKLE_NAME:
            parts[name] = _pickle(files, size)
            held[name] = HeldFile(size)
        elif (data := _head(files, name, size, more)) is not None:
            held[name] = HeldFile(size, data)
        else:
            held[name] = HeldFile(size)
    return ReadFiles(held, files.links_out(), parts or None)


def _head(files: Files, name: str, size: int, more: tuple[str, ...]) -> bytes | None:
    """Return the part of a file that is read, from its beginning; None if it is not read."""
    if name == CONFIG_NAME or name in more:
        most = MAX_BYTES + 1
    elif name in TOKENIZER_FILES:
        most = min(size, MAX_TOKENIZER_BYTES)
    elif name != SAFETENSORS_NAME:
        return None
    else:
        with files.open(name) as stream:
            return _header(stream, size)
    with files.open(name) as stream:
        return stream.read(most)


def _header(stream: BinaryIO, size: int) -> bytes:
    start = read_exactly(stream, _LENGTH_BYTES)
    length = int.from_bytes(start, "little")
    is_length = len(start) == _LENGTH_BYTES and length <= min(MAX_HEADER_BYTES, size - len(start))
    return start + read_exactly(stream, length if is_length else HEAD_BYTES - len(start))


def _pickle(files: Files, size: int) -> HeldParts:
    """Read a pickle as a verdict does, and return what was read."""
    from loracfg.adapter.pickle.pickled_header import read_pickled

    with files.open(PICKLE_NAME) as stream:
        recorded = _Recorded(stream)
        read_pickled(recorded, size, PICKLE_NAME)  # type: ignore[arg-type]
    return HeldParts(size, tuple(recorded.parts))


def _etag(files: Files) -> str | None:
    from loracfg.sources.remote.directory import RemoteFolder

    if not isinstance(files, RemoteFolder):
        return None
    file = files.files.get(SAFETENSORS_NAME) or files.files.get(PICKLE_NAME)
    return file.version if file else None


def _data_of(files: Files) -> Iterator[tuple[str, bytes]]:
    if isinstance(files, HeldFiles):
        for name, held in files.files.items():
            yield name, held.head + held.tail
    if isinstance(files, ReadFiles):
        for name, read in (files.parts or {}).items():
            for at, data in read.parts:
                yield f"{name}:{at}", data


class _Recorded(io.RawIOBase):
    """A stream that notes what is read from another one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.parts: list[tuple[int, bytes]] = []

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def read(self, size: int = -1, /) -> bytes:
        at = self._stream.tell()
        data = self._stream.read(size)
        if data:
            self.parts.append((at, data))
        return data


class _Parts(io.RawIOBase):
    """A file of which only parts are in memory."""

    def __init__(self, held: HeldParts) -> None:
        self._held = held
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._held.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        held, begin = self._held, self._at
        end = held.size if size < 0 else min(held.size, begin + size)
        if end <= begin:
            return b""
        for at, data in held.parts:
            if at <= begin and end <= at + len(data):
                self._at = end
                return data[begin - at : end - at]
        raise NotHeldError(EIO, "this part of the file was not read")
