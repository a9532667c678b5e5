"""Hostile archives."""

from __future__ import annotations

import gzip
import stat
import struct
import tarfile
import zipfile
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from loracfg.sources.archive.limits import MIB
from tests.api import asgi
from tests.api.archives import refused, send_archive, tar_entry, tar_of, zip_of


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_tar(kind: bytes, small: FastAPI) -> None:
    data = tar_of(tar_entry("adapter_config.json", kind=kind))
    refused(send_archive(small, data), 422, "is a link or a device")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_zip(kind: int, small: FastAPI) -> None:
    entry = zipfile.ZipInfo("adapter_config.json")
    entry.external_attr = (kind | 0o777) << 16
    refused(send_archive(small, zip_of((entry, b"/etc/passwd"))), 422, "is a link or a device")


def test_bombs() -> None:
    app = create_app(Settings(access_log=False))
    size = 600 * MIB
    for data in (
        zip_of(("adapter_model.safetensors", bytes(size // 10))),
        tar_of(tar_entry("adapter_model.safetensors", size // 10), mode="w:gz"),
    ):
        refused(send_archive(app, data), 413, "unpacks to more than 100 times its size")


def test_archives_that_two_readers_read_differently(small: FastAPI) -> None:
    data = bytearray(zip_of(("adapter_config.json", b"{}"), ("b.txt", b"x")))
    at = data.rindex(b"b.txt")
    data[at] = ord("c")
    refused(send_archive(small, bytes(data)), 422, "its directory does not match its files")
    twice = zip_of(("a.txt", b"1"), ("b.txt", b"2")).replace(b"b.txt", b"a.txt")
    refused(send_archive(small, twice), 422, "appears twice")


CONFIG = zip_of(("adapter_config.json", b"{}"))
OTHER = zip_of(("adapter_config.json", b'{"r": 8}'))


def with_comment(data: bytes, comment: bytes) -> bytes:
    return data[:-2] + len(comment).to_bytes(2, "little") + comment


@pytest.mark.parametrize("data", [CONFIG + OTHER, CONFIG + b"x", CONFIG + bytes(1)])
def test_nothing_comes_after_a_zip(data: bytes, small: FastAPI) -> None:
    """Readers go by the last end of an archive, a stream by the first."""
    refused(send_archive(small, data), 422, "there are bytes after its end")


def test_no_archive_is_a_comment(small: FastAPI) -> None:
    refused(send_archive(small, with_comment(CONFIG, OTHER)), 422, "comment looks like an end")
    assert send_archive(small, with_comment(CONFIG, b"a comment")).status == 200


@pytest.mark.parametrize(("offset", "words"), [(8, "split"), (10, "split"), (12, "not match")])
def test_the_end_of_a_zip_says_what_is_there(offset: int, words: str, small: FastAPI) -> None:
    data = bytearray(CONFIG)
    data[data.rindex(b"PK\x05\x06") + offset] ^= 1
    refused(send_archive(small, bytes(data)), 422, words)


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_nothing_comes_after_a_tar(mode: str, small: FastAPI) -> None:
    data = tar_of(tar_entry("adapter_config.json", 2), mode=mode)
    refused(send_archive(small, data + data), 422, "there are bytes after its end")
    assert send_archive(small, data + bytes(5000)).status == 200


def test_what_a_tar_repeats_is_bounded(small: FastAPI) -> None:
    config = tar_entry("adapter_config.json", 2)
    whole = tar_of(config)
    named = tarfile.TarInfo("x")
    named.pax_headers = {"comment": "x"}
    header = named.tobuf(tarfile.PAX_FORMAT)[:-512]
    refused(send_archive(small, header * 5 + whole), 422, "more than 4 extended headers")
    assert send_archive(small, header * 4 + whole).status == 200
    folder = tar_of(tar_entry("./", kind=tarfile.DIRTYPE))[:512]
    refused(send_archive(small, folder * 101 + whole), 422, "folders without a name")
    assert send_archive(small, folder * 100 + whole).status == 200
    refused(send_archive(small, whole + bytes(MIB + 100_000)), 422, "there are bytes after its end")


def test_wide_ends_agree(small: FastAPI) -> None:
    at = CONFIG.rindex(b"PK\x05\x06")
    files, size, offset = struct.unpack_from("<H2L", CONFIG, at + 10)
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, files, files, size, offset)
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    short = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, size, 2**32 - 1, 0)
    for end in (CONFIG[at:], short):
        assert send_archive(small, CONFIG[:at] + wide + where + end).status == 200
    for damaged in (wide.replace(b"\x01", b"\x02"), wide[:-8] + bytes(8)):
        refused(send_archive(small, CONFIG[:at] + damaged + where + short), 422, "not match")
    elsewhere = where[:8] + bytes(8) + where[16:]
    refused(
        send_archive(small, CONFIG[:at] + wide + elsewhere + short), 422, "its end record is broken"
    )


def broken_archives() -> Iterator[tuple[str, bytes]]:
    whole = zip_of(("adapter_config.json", b"{}" * 99))
    yield "no archive", b"hello, this is no archive at all" * 40
    yield "empty", b""
    yield "cut zip", whole[:-30]
    yield "cut entry", whole[:50]
    yield "cut tar", tar_of(tar_entry("a", 5000))[:1000]
    yield "cut gzip", tar_of(tar_entry("a", 5000), mode="w:gz")[:60]
    yield "other bytes", whole.replace(whole[50:52], b"\xff\xff", 1)
    yield "gzip of nothing", gzip.compress(b"")
    method = bytearray(whole)
    method[8] = 12
    yield "bzip2", bytes(method)
    sizes = bytearray(tar_of(tar_entry("a", 3)))
    sizes[124:136] = b"-7777777777\0"
    yield "tar size", bytes(sizes)


@pytest.mark.parametrize(
    ("what", "data"), [pytest.param(*one, id=one[0]) for one in broken_archives()]
)
def test_broken_archives(what: str, data: bytes, small: FastAPI) -> None:
    refused(send_archive(small, data), 422, "the archive cannot be read")


@pytest.mark.parametrize(
    ("at", "value", "words"),
    [
        (2, 1, "`adapter_config.json` is encrypted"),
        (2, 0x40, "`adapter_config.json` is encrypted"),
        (2, 0x20, "`adapter_config.json` is a patch for a different file"),
        (0, 64, "`adapter_config.json` needs version 6.4 of the format"),
    ],
)
def test_kinds_of_files_that_no_reader_takes(
    at: int, value: int, words: str, small: FastAPI
) -> None:
    whole = zip_of(("adapter_config.json", b"{}" * 99))
    for start in (4, whole.index(b"PK\x01\x02") + 6):  # before the file, and in the directory
        data = bytearray(whole)
        data[start + at] = value
        refused(send_archive(small, bytes(data)), 422, words)
    data[start + at] = 63 if not at else 0
    assert send_archive(small, bytes(data)).status == 200


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_limits_of_archives(mode: str, small: FastAPI) -> None:
    many = tar_of(*(tar_entry(f"{i}.txt") for i in range(6)), mode=mode)
    refused(send_archive(small, many), 413, "5 files")
    adapters = tar_of(*(tar_entry(f"{i}/adapter_config.json", 2) for i in range(3)), mode=mode)
    refused(
        send_archive(small, adapters),
        413,
        "has 3 adapters, more than this service's limit of 2 adapters",
    )
    config = tar_of(tar_entry("adapter_config.json", 60_000), mode=mode)
    refused(send_archive(small, config), 413, "50000 bytes")


def test_a_tar_ends_with_a_whole_entry(small: FastAPI) -> None:
    """Python and GNU's tar refuse one that is cut off in the last block, or after a long name."""
    whole = tar_of(tar_entry("adapter_config.json", 3))
    refused(send_archive(small, whole[:1023]), 422, "it was cut off")
    for size in (1024, 1030, 2000):
        assert send_archive(small, whole[:size]).status == 200
    refused(send_archive(small, bytes(14)), 422, "it was cut off")
    long = tar_of(tar_entry("d" * 150, 3))
    before = long.index(b"d" * 150) // 512 * 512 + 512
    for end in (b"", bytes(1024)):
        refused(send_archive(small, long[:before] + end), 422, "no entry after it")


@pytest.mark.parametrize("at", [-1, -600, -1024])
def test_zeros_after_a_gzip_come_in_any_piece(at: int, small: FastAPI) -> None:
    whole = tar_of(tar_entry("adapter_config.json", 3), mode="w:gz") + bytes(1024)
    body = asgi.form(asgi.part("archive", "a", [whole[:at], whole[at:]]))
    answer = asgi.post(small, "/validate", body, content_type=asgi.FORM)
    assert answer.status == 200
