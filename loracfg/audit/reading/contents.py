"""What a verdict on an adapter takes, read from wherever it is and held in memory."""

from __future__ import annotations

import hashlib
from typing import BinaryIO, Final

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.files import TOKENIZER_FILES, Files
from loracfg.adapter.header.other_formats import HEAD_BYTES, read_exactly
from loracfg.adapter.header.safetensors_file import MAX_HEADER_BYTES
from loracfg.adapter.tokenizer import MAX_BYTES as MAX_TOKENIZER_BYTES
from loracfg.config import CONFIG_NAME
from loracfg.document.json_document import MAX_BYTES
from loracfg.named_tuple import NamedTuple
from loracfg.sources.archive.held import HeldFile, HeldFiles
from loracfg.sources.more_files import OneFile
from loracfg.sources.range_stream import RangeStream
from loracfg.sources.source import Kind, Source

_LENGTH_BYTES: Final = 8


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
    files: HeldFiles
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
        for name, held in self.files.files.items():
            for at, data in held.parts if name not in known else ():
                found.update(f"\0{name}\0{at}\0{len(data)}\0".encode())
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


def _read(files: Files, more: tuple[str, ...]) -> HeldFiles:
    if isinstance(files, HeldFiles):
        return files
    held = {name: _held(files, name, size, more) for name, size in files.sizes().items()}
    return HeldFiles(held, files.links_out())


def _held(files: Files, name: str, size: int, more: tuple[str, ...]) -> HeldFile:
    if name == PICKLE_NAME:
        return HeldFile(size, others=_pickle(files, size))
    return HeldFile(size, _head(files, name, size, more))


def _head(files: Files, name: str, size: int, more: tuple[str, ...]) -> bytes:
    """Return the part of a file that is read, from its beginning."""
    if name == CONFIG_NAME or name in more:
        most = MAX_BYTES + 1
    elif name in TOKENIZER_FILES:
        most = min(size, MAX_TOKENIZER_BYTES)
    elif name != SAFETENSORS_NAME:
        return b""
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


def _pickle(files: Files, size: int) -> tuple[tuple[int, bytes], ...]:
    """Read a pickle as a verdict does, and return what was read with its positions."""
    from loracfg.adapter.pickle.pickled_header import read_pickled

    parts: list[tuple[int, bytes]] = []
    with files.open(PICKLE_NAME) as stream:

        def read_range(begin: int, end: int) -> bytes:
            stream.seek(begin)
            data = stream.read(end - begin)
            parts.append((begin, data))
            return data

        read_pickled(RangeStream(size, read_range), size, PICKLE_NAME)  # type: ignore[arg-type]
    return tuple(parts)


def _etag(files: Files) -> str | None:
    from loracfg.sources.remote.directory import RemoteFolder

    if not isinstance(files, RemoteFolder):
        return None
    file = files.files.get(SAFETENSORS_NAME) or files.files.get(PICKLE_NAME)
    return file.version if file else None
