"""Archives in forms that `zipfile` and `tarfile` write, and damage to them."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from loracfg.sources.archive.keeper import Allowance, Keeper, part_of
from loracfg.sources.archive.limits import MIB, Limits, RefusedFilesError
from loracfg.sources.archive.opened import Archive, read_adapters, unpack_adapter
from loracfg.sources.archive.unpacked import Unpacker
from tests.api.archives import tar_entry, tar_of, zip_of

CONFIG = "adapter_config.json"
WEIGHTS = "adapter_model.bin"
LIMITS = Limits()
_END = b"PK\x05\x06"


class Pipe(io.BytesIO):
    """A file that only goes forwards, so that `zipfile` describes each file after its content."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def streamed(method: int = zipfile.ZIP_DEFLATED, *, wide: bool = False) -> bytes:
    """Return a zip archive of one file as it is written to a pipe."""
    pipe, entry = Pipe(), zipfile.ZipInfo(CONFIG)
    entry.compress_type = method
    with zipfile.ZipFile(pipe, "w") as archive, archive.open(entry, "w", force_zip64=wide) as file:
        file.write(b"{}" * 99)
    return pipe.getvalue()


def without_magic(data: bytes) -> bytes:
    """Return an archive of one file whose description begins with the checksum."""
    at, end = data.index(b"PK\x07\x08"), data.rindex(_END)
    (offset,) = struct.unpack_from("<L", data, end + 16)
    changed = data[: end + 16] + struct.pack("<L", offset - 4) + data[end + 20 :]
    return changed[:at] + changed[at + 4 :]


def with_wide_sizes(extra: bytes) -> bytes:
    """Return a zip archive with the sizes of its file in an extra field, behind another."""
    file, entry = io.BytesIO(), zipfile.ZipInfo(CONFIG)
    entry.extra = extra
    with zipfile.ZipFile(file, "w") as archive, archive.open(entry, "w", force_zip64=True) as one:
        one.write(b"{}")
    return file.getvalue()


def ours(data: bytes) -> dict[str, int]:
    archive = Archive(Unpacker(LIMITS, Allowance(LIMITS.max_kept_bytes)))
    archive.feed(data)
    return {name: held.size for name, held in archive.files().items()}


def of_zip(data: bytes) -> dict[str, int]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {one.filename: one.file_size for one in archive.infolist()}


@pytest.mark.parametrize(
    "data",
    [
        streamed(),
        streamed(wide=True),
        without_magic(streamed()),
        without_magic(streamed(wide=True)),
        with_wide_sizes(b""),
        with_wide_sizes(struct.pack("<2H4x", 0xCAFE, 4)),
    ],
)
def test_zips_are_read_as_by_python(data: bytes) -> None:
    assert ours(data) == of_zip(data)


def wide_end(data: bytes, at: int, value: bytes) -> bytes:
    """Return a zip archive with the end records of zip64, of which some bytes are replaced."""
    start = data.rindex(_END)
    files, size, offset = struct.unpack_from("<H2L", data, start + 10)
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, files, files, size, offset)
    ends = bytearray(wide + struct.pack("<4sLQL", b"PK\x06\x07", 0, start, 1) + data[start:])
    ends[at : at + len(value)] = value
    return data[:start] + ends


SOUND = zip_of((CONFIG, b"{}"))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (streamed(zipfile.ZIP_STORED), f"`{CONFIG}` is stored without its size"),
        (wide_end(SOUND, 4, b"\x2b"), "its end record is broken"),  # shorter than it is
        (wide_end(SOUND, 4, b"\xff\xff"), "its end record is broken"),  # longer than the file
        (wide_end(SOUND, 4, b"\xff\xff\xff"), "its end record is broken"),
        (wide_end(SOUND, 56, b"PK\x06\x08"), "its end record is broken"),
        (wide_end(SOUND, 16, b"\1"), "it is part of a split archive"),
        (wide_end(SOUND, 20, b"\1"), "it is part of a split archive"),
        (wide_end(SOUND, 60, b"\1"), "it is part of a split archive"),
        (wide_end(SOUND, 72, b"\2"), "it is part of a split archive"),
        (wide_end(SOUND, 76 + 12, b"\1"), "its two end records do not match"),
    ],
)
def test_damaged_zips_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(RefusedFilesError, match=f"^the archive cannot be read: {why}"):
        ours(data)


def named_again(
    *entries: tuple[bytes, bytes], crc: int = 0, version: int = 1, flags: int = 0
) -> bytes:
    """Return a zip archive of files with plain names, and with others in an extra field."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for plain, other in entries:
            entry = zipfile.ZipInfo("x" * len(plain))
            field = struct.pack("<BL", version, zlib.crc32(plain) ^ crc) + other
            entry.extra = struct.pack("<2H", 0x7075, len(field)) + field if other else b""
            archive.writestr(entry, other)
    data = bytearray(file.getvalue())
    for magic, at, flags_at in ((b"PK\3\4", 30, 6), (b"PK\1\2", 46, 8)):
        start = 0
        for plain, _ in entries:
            start = data.index(magic, start)
            data[start + at : start + at + len(plain)] = plain
            data[start + flags_at : start + flags_at + 2] = struct.pack("<H", flags)
            start += 1
    return bytes(data)


@pytest.mark.parametrize(
    "names",
    [
        ((b"README.txt", CONFIG.encode()),),
        ((CONFIG.encode(), b"README.txt"),),
        ((CONFIG.encode(), "\u00e9".encode()),),
        ((b"x/a", "\u00e9/y/a".encode()),),
        ((b"x/a", "\u00e9/b".encode()),),
        ((b"../a", "\u00e9/a".encode()),),
        ((b"a", "\u00e9".encode() * 2 + b"\xff"),),
        (
            (b"x/" + CONFIG.encode(), "\u00e9/".encode() + CONFIG.encode()),
            (b"y/" + WEIGHTS.encode(), "\u00e9/".encode() + WEIGHTS.encode()),
        ),
        (
            (b"x/" + CONFIG.encode(), "\u00e9/".encode() + CONFIG.encode()),
            (b"x/" + WEIGHTS.encode(), "\u00ea/".encode() + WEIGHTS.encode()),
        ),
    ],
)
def test_names_that_readers_take_for_different_ones_are_refused(
    names: tuple[tuple[bytes, bytes], ...],
) -> None:
    with pytest.raises(RefusedFilesError, match=r"different name in its extra field|not UTF-8"):
        ours(named_again(*names))


def test_names_that_tools_write_are_read() -> None:
    """`zip` writes bytes of the machine or `#U00e9` beside the name, others something similar."""
    shown = "\u00e9/\u65e5.bin"
    for plain in (b"#U00e9/#U65e5.bin", shown.encode(), b"\x82/?.bin", b"e/_.bin"):
        assert list(ours(named_again((plain, shown.encode())))) == [shown]
        assert list(ours(named_again((plain, shown.encode()), version=0))) == [shown]
    plain = b"e/_.bin"
    for stale in (named_again((plain, b"x"), crc=1), named_again((plain, b"x"), version=2)):
        assert list(ours(stale)) == ["e/_.bin"]
    own = ((b"#U00e9/" + name.encode(), f"\u00e9/{name}".encode()) for name in (CONFIG, WEIGHTS))
    assert list(ours(named_again(*own))) == [f"\u00e9/{CONFIG}", f"\u00e9/{WEIGHTS}"]
    assert list(ours(named_again((shown.encode(), shown.encode()), flags=0x800))) == [shown]
    assert list(ours(named_again(("\u00e9".encode(), b"")))) == ["\u251c\u2310"]  # as by Python


def test_flags_of_names_agree() -> None:
    """One of the two gives the name as UTF-8, the other in the encoding of an old machine."""
    data = bytearray(zip_of(("\u00e9", b"")))
    assert list(ours(bytes(data))) == ["\u00e9"]
    data[6:8] = b"\0\0"
    with pytest.raises(RefusedFilesError, match="its directory does not match its files"):
        ours(bytes(data))


def tar_with(**headers: str) -> bytes:
    """Return a tar archive of one file with pax records."""
    entry = tar_entry(CONFIG, 3)
    entry.pax_headers = headers
    return tar_of(entry)


def gnu_tar(name: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tar_entry(name, 3), io.BytesIO(b"abc"))
        archive.addfile(tar_entry("b", 1), io.BytesIO(b"b"))
    return file.getvalue()


def header_of(size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    return tar_entry("a", size, kind).tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    "data",
    [
        gnu_tar("d" * 150),
        gnu_tar("é" * 80),
        gnu_tar("a"),
        tar_with(comment="x"),
        tar_with(size="3"),
    ],
)
def test_tars_are_read_as_by_python(data: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert ours(data) == {one.name: one.size for one in archive}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (header_of(-1), "a file has a negative size"),
        (header_of(MIB + 1, tarfile.XHDTYPE), "an extended header has 1048577 bytes"),
        (tar_with(**{"GNU.sparse.major": "1"}), f"`{CONFIG}` is a sparse file"),
        (tar_with(size="-3"), "the size of a file is not a number"),
        (tar_with(size="³"), "the size of a file is not a number"),
        (tar_with(size="9" * 20), "the size of a file is not a number"),
    ],
)
def test_damaged_tars_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(RefusedFilesError, match=f"^the archive cannot be read: {why}"):
        ours(data)


def test_too_many_adapters_and_bytes_are_refused() -> None:
    data = tar_of(*(tar_entry(f"{number}/{CONFIG}", 2) for number in range(3)))
    assert len(read_adapters([data], LIMITS)) == 3
    with pytest.raises(RefusedFilesError, match="has 3 adapters, more than the limit of 2 adapt"):
        read_adapters([data], LIMITS._replace(max_adapters=2))
    with pytest.raises(RefusedFilesError, match="has more than the limit of 5 bytes"):
        read_adapters([data], LIMITS._replace(max_unpacked_bytes=5))


@pytest.mark.parametrize("size", [0, 9, 10, 11, 20, 21, 30, 31, 95])
@pytest.mark.parametrize("piece", [1, 7, 40])
def test_both_ends_of_a_pickle_are_kept(size: int, piece: int) -> None:
    data = bytes(range(size))
    keeper = Keeper(WEIGHTS, part_of(WEIGHTS), LIMITS._replace(max_pickle_bytes=10), Allowance(30))
    for at in range(0, size, piece):
        keeper.feed(data[at : at + piece])
    held = keeper.held()
    assert held.size == size
    for start, end in ((0, min(10, size)), (max(size - 10, 0), size)):
        with held.open() as stream:
            stream.seek(start)
            assert stream.read(end - start) == data[start:end]


def files_in(folder: Path) -> Iterator[tuple[str, bytes | None]]:
    for path in sorted(folder.rglob("*")):
        yield path.relative_to(folder).as_posix(), None if path.is_dir() else path.read_bytes()


@pytest.mark.parametrize("home", ["a", ""])
def test_the_folder_of_an_adapter_is_unpacked_as_by_python(tmp_path: Path, home: str) -> None:
    entries = ("a/", b""), (f"a/{CONFIG}", b"{}"), ("a/sub/", b""), ("a/c/d", b"d"), ("b/x", b"x")
    data = zip_of(*entries)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path / "theirs")  # noqa: S202  # it is made here
    (tmp_path / "ours").mkdir()
    unpack_adapter([data], home, tmp_path / "ours", LIMITS)
    assert list(files_in(tmp_path / "ours")) == list(files_in(tmp_path / "theirs" / home))
