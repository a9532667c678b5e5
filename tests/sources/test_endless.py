"""Servers that never stop sending: a read ends with an error, soon and in little memory."""

from __future__ import annotations

import gzip
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from loracfg.audit.listing import stores
from loracfg.audit.listing.listing import FleetListing
from loracfg.sources.address import UnusableAddress
from loracfg.sources.archive.limits import MIB, Limits
from loracfg.sources.archive.opened import read_adapters
from loracfg.sources.remote import store
from tests.api.archives import tar_entry, tar_of, zip_of
from tests.cli.running import call
from tests.sources.faulty_runs import LIMITS, judge
from tests.sources.validating import validate_elsewhere

pytest.importorskip("httpx2", reason="URLs are read with it")

EMPTY: Final = b"\0\0\0\xff\xff" * 13_000
"""Blocks of Deflate that unpack to nothing."""
ZIPPED: Final = b"PK\3\4\x14\0\x08\0\x08\0" + bytes(16) + b"\1\0\0\0a"
"""The header of a file whose size is behind its content."""
MOST: Final = 300 * MIB
"""What an archive without files may send."""


class Endless(ThreadingHTTPServer):
    """A server that sends the same bytes until the client hangs up; `sent` counts them."""

    def __init__(self, head: bytes, piece: bytes) -> None:
        self.sent = 0
        endless = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(head)
                    while True:
                        self.wfile.write(piece)
                        endless.sent += len(piece)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)


@contextmanager
def endless(head: bytes, piece: bytes) -> Iterator[Endless]:
    with Endless(head, piece) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def tarred(name: str, size: int) -> bytes:
    """Return the header of a file in a tar archive."""
    entry = tarfile.TarInfo(name)
    entry.size = size
    return entry.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    ("name", "head", "piece"),
    [("a.zip", ZIPPED, EMPTY), ("a.tar.gz", gzip.compress(b"", mtime=0)[:10], EMPTY)],
    ids=["zip", "tar.gz"],
)
def test_an_archive_that_unpacks_to_nothing(name: str, head: bytes, piece: bytes) -> None:
    with endless(head, piece) as server:
        outcome = call("validate", f"http://127.0.0.1:{server.server_port}/{name}")
    assert outcome.status == 2
    assert "the archive cannot be read: most of it belongs to no file" in outcome.out
    assert server.sent < MOST


def test_an_archive_that_is_too_large() -> None:
    with endless(tarred("a.bin", 1 << 36), os.urandom(MIB)) as server:
        url = f"http://127.0.0.1:{server.server_port}/a.tar"
        found = judge(url, LIMITS._replace(archive_bytes=64 * MIB))
    (finding,) = found.report.diagnostics
    assert finding.message == f"`{url}` is more than 64.0 MiB"
    assert finding.help == "download the adapter and pass its folder"
    assert server.sent < MOST


def test_content_in_chunks_of_a_byte() -> None:
    head = b"".join(b"1\r\n \r\n" for _ in range(1000))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            with suppress(OSError):
                while True:
                    self.wfile.write(head)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        outcome = call("validate", f"http://127.0.0.1:{server.server_port}/a")
        server.shutdown()
    assert outcome.status == 2
    assert "it sends many tiny chunks" in outcome.out


@pytest.mark.parametrize("pack", [tar_of, zip_of])
def test_the_names_of_many_small_files_are_no_endless_archive(pack: Callable[..., bytes]) -> None:
    names = [f"{number:04}/{'a/' * 480}x" for number in range(Limits().max_files)]
    entries = [(name, b"") if pack is zip_of else tar_entry(name) for name in names]
    data = pack(*entries)
    (files,) = read_adapters(
        (data[at : at + MIB] for at in range(0, len(data), MIB)), Limits()
    ).values()
    assert len(files.sizes()) == Limits().max_files


class EndlessS3(ThreadingHTTPServer):
    """A server of S3 whose listings go on for ever."""

    def __init__(self) -> None:
        pages = count()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = next(pages)
                folders = "".join(
                    f"<CommonPrefixes><Prefix>one/{page}-{number}/</Prefix></CommonPrefixes>"
                    for number in range(5_000)
                )
                answer = (
                    "<ListBucketResult><IsTruncated>true</IsTruncated>"
                    f"<NextContinuationToken>{page}</NextContinuationToken>{folders}"
                    "</ListBucketResult>"
                ).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)


def test_a_listing_of_s3_that_has_no_end(tmp_path: Path) -> None:
    pytest.importorskip("s3fs", reason="S3 is read with it")
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with EndlessS3() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        env |= {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "me",
            "AWS_SECRET_ACCESS_KEY": "word",
            "AWS_DEFAULT_REGION": "us-east-1",
            "HOME": f"{tmp_path}",
            "NO_PROXY": "127.0.0.1",
        }
        (report,) = validate_elsewhere([("s3://box/one", {})], env)
        server.shutdown()
    (finding,) = report["diagnostics"]
    assert finding["message"] == "`s3://box/one` has more than 100,000 entries"
    assert finding["help"] == "pass the folder of an adapter, or a list of adapters"


@pytest.mark.parametrize("bound", ["below", "in a folder"])
def test_a_store_with_more_than_a_fleet(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = pytest.importorskip("fsspec", reason="stores are read with it").filesystem("memory")
    for number in range(9):
        memory.pipe_file(f"/endless/a/{number}", b"")
    if bound == "below":
        monkeypatch.setattr(store, "_MOST_BELOW", 5)
    else:
        monkeypatch.setattr(stores, "MOST_IN_FOLDER", 5)
    (listed,) = FleetListing(("memory://endless",), (), lambda _: nullcontext()).listed()
    assert isinstance(listed.address, UnusableAddress)
    assert listed.address.message == "`memory://endless` has more than 5 entries"
    memory.store.clear()
