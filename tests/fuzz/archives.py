"""Archives: what is unpacked here against what Python unpacks."""

from __future__ import annotations

import gzip
import io
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from random import Random

from loracfg.sources.archive.keeper import Allowance
from loracfg.sources.archive.limits import Limits, RefusedFilesError
from loracfg.sources.archive.opened import Archive as Uploaded
from loracfg.sources.archive.unpacked import Unpacker
from loracfg.testing.building.examples import build
from tests.api.archives import tar_entry, tar_of, zip_of
from tests.fuzz.mutation import mutated
from tests.fuzz.target import Answer, Target, words

LIMITS = Limits()
_BLOCK = 512
_SUM = slice(148, 156)

Files = dict[str, int]
"""Sizes by name; folders end with `/`."""


class Archive(Target):
    """Zip, tar and tar.gz."""

    name = "archive"

    def seeds(self) -> list[bytes]:
        """Return an adapter in each form, and small archives."""
        files = [(f"a/{name}", data) for name, data in build(())[0].contents.items()]
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as tar:
            for name, data in files:
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
        stored = io.BytesIO()
        with zipfile.ZipFile(stored, "w") as archive:
            for name, data in [("a/", b""), *files]:
                archive.writestr(zipfile.ZipInfo(name), data)
        small = [("adapter_config.json", b"{}"), ("x.bin", b"1" * 30)]
        tars = [stream.getvalue(), tar_of(tar_entry("a", 3), tar_entry("b/c" * 60, 2))]
        zips = [zip_of(*files), stored.getvalue(), zip_of(*small), zip_of()]
        return [*zips, *tars, *(gzip.compress(one, mtime=0) for one in tars)]

    def draw(self, rng: Random, corpus: Sequence[bytes]) -> bytes:
        """Draw an archive; mostly the blocks of a tar have sound sums, also inside of gzip."""
        data = rng.choice(corpus)
        if data.startswith(b"\x1f\x8b") and rng.random() < 0.5:
            try:
                inner = gzip.decompress(data)
            except (OSError, EOFError, ValueError, zlib.error):
                return mutated(data, rng, corpus)
            return gzip.compress(_summed(mutated(inner, rng, corpus)), 1, mtime=0)
        changed = mutated(data, rng, corpus)
        is_tar = not data.startswith((b"PK", b"\x1f\x8b"))
        return _summed(changed) if is_tar and rng.random() < 0.8 else changed

    def read(self, data: bytes) -> Answer:
        """Unpack an archive as a whole."""
        files, problem = _ours([data])
        return Answer(words([problem]), is_deep=files is not None)

    def judge(self, data: bytes) -> Answer:
        """Unpack an archive as a whole, in pieces, and with Python."""
        ours, problem = _ours([data])
        way = words([problem])
        cuts = sorted(Random(len(data)).sample(range(len(data)), min(5, len(data))))  # noqa: S311
        pieces = [data[i:j] for i, j in zip([0, *cuts], [*cuts, len(data)], strict=True)]
        if _ours(pieces)[0] != ours:
            return Answer(way, f"in pieces it is {_ours(pieces)}, else {ours} {problem}"[:500])
        if ours is None:
            return Answer(way)
        theirs, error = _theirs(data)
        if theirs != ours:
            return Answer(way, f"{ours} against {theirs} {error}"[:500])
        return Answer(f"{len(ours)} files")


def _ours(pieces: Sequence[bytes]) -> tuple[Files | None, str]:
    archive = Uploaded(Unpacker(LIMITS, Allowance(LIMITS.max_kept_bytes)))
    try:
        for piece in pieces:
            archive.feed(piece)
        return {name: held.size for name, held in archive.files().items()}, ""
    except RefusedFilesError as error:
        return None, error.message


def _theirs(data: bytes) -> tuple[Files | None, str]:
    try:
        return dict(_members(data)), ""
    except Exception as error:  # whatever a damaged archive leads to
        return None, f"{type(error).__name__}: {error}"


def _members(data: bytes) -> Iterator[tuple[str, int]]:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                yield _sound(info.filename), 0 if info.is_dir() else len(archive.read(info))
        return
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as tar:
        for entry in tar:
            stream = tar.extractfile(entry) if entry.isfile() else None
            size = len(stream.read()) if stream else 0
            yield _sound(entry.name + "/" * entry.isdir()), size


def _sound(name: str) -> str:
    """Return a name as it is kept: without steps that lead nowhere."""
    steps = [step for step in name.split("/") if step not in ("", ".")]
    return "/".join(steps) + "/" * name.endswith("/")


def _summed(data: bytes) -> bytes:
    """Return a tar in which each block that could be a header has a sound sum."""
    blocks = bytearray(data)
    at = 0
    while at + _BLOCK <= len(blocks):
        block = bytearray(blocks[at : at + _BLOCK])
        if block[257:262] != b"ustar":
            break
        block[_SUM] = b" " * 8
        block[_SUM] = b"%06o\0 " % sum(block)
        blocks[at : at + _BLOCK] = block
        try:
            size = int(block[124:135].strip(b" \0") or b"0", 8)
        except ValueError:
            break
        at += _BLOCK + -(-size // _BLOCK) * _BLOCK
    return bytes(blocks)


warnings.filterwarnings("ignore", module="zipfile")
