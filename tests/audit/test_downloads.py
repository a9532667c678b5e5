"""Lean downloads: what is said of servers that misbehave is what `validate` says of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from loracfg.audit.listing.listed import Listed
from loracfg.audit.reading.contents import contents_of
from loracfg.audit.reading.fleet_downloads import FleetDownloads
from loracfg.audit.reading.limiter import Limiter, ReadLimits
from loracfg.audit.reading.plain_http import can_send
from loracfg.audit.reading.reader import Reader, ToRead
from loracfg.engine.engine import Engine
from loracfg.errors import LoracfgError
from loracfg.rules.unjudged import unreadable_report
from loracfg.sources.address import WebAddress
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.place import open_at
from loracfg.sources.remote.web_place import WebPlace
from loracfg.sources.source import NO_SUCH_PATH, SourceError
from tests.sources.adapters import PICKLE, adapter, packed
from tests.sources.faults import FAULTS
from tests.sources.faulty_runs import LIMITS, Run, judge, serve_both
from tests.sources.faulty_server import FaultyServer
from tests.web_server import serving_web

pytest.importorskip("httpx2", reason="URLs are read with it")

QUICK = ReadLimits(pause=LIMITS.pause, longest_wait=LIMITS.longest_wait)


def judge_leanly(url: str) -> Run:
    """Validate the adapter at a URL with what an audit reads of it."""
    begin, name = time.monotonic(), str(WebAddress(url))
    try:
        place = WebPlace(FleetDownloads(Limiter(QUICK), limits=LIMITS), url)
        (source,) = (contents_of(one).source() for one in open_at(place, place.path, name))
        report = Engine().open_source(source).report
    except LoracfgError as error:
        code = error.code if isinstance(error, SourceError) else NO_SUCH_PATH
        report = unreadable_report(code, name, error.message, error.help)
    return Run(url, report, time.monotonic() - begin)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyServer]:
    yield from serve_both()


@pytest.mark.slow
def test_faults(server: FaultyServer) -> None:
    urls = [f"{server.address}/{fault}/{n}/a?key=s3cret" for n, fault in enumerate(sorted(FAULTS))]
    with ThreadPoolExecutor(16) as threads:
        lean, full = list(threads.map(judge_leanly, urls)), list(threads.map(judge, urls))
    different = []
    for one, other in zip(lean, full, strict=True):
        assert "s3cret" not in repr(one.report)
        said = [[(d.code, d.severity) for d in run.report.diagnostics] for run in (one, other)]
        if (said[0], one.report.status) != (said[1], other.report.status):
            different.append((one.url, said, one.report.diagnostics, other.report.diagnostics))
    assert different == []


def test_a_token_stays_with_its_host(server: FaultyServer) -> None:
    token = {"Authorization": "Bearer s3cret"}
    web = FleetDownloads(Limiter(QUICK), token, LIMITS)
    server.asked.clear()
    with pytest.raises(RemoteError):
        web.read(f"{server.address}/redirect-to-refused/1/a/adapter_config.json", 0, 10)
    own = [headers for _, headers in server.asked]
    assert own
    assert all(headers.get("authorization") == "Bearer s3cret" for headers in own)


def test_connections_are_kept_and_closed_ones_replaced() -> None:
    with serving_web({"a": b"x" * 100}) as web:
        client = FleetDownloads(Limiter(QUICK), limits=LIMITS)
        for start in range(5):
            part = client.read(f"{web.address}/a", start, start + 10).part
            assert (part.data, part.start, part.size) == (b"x" * 10, start, 100)
        with pytest.raises(RemoteError, match="does not exist"):
            client.read(f"{web.address}/b", 0, 10)
        assert client.read(f"{web.address}/a", 90, 200).part.data == b"x" * 10


@pytest.mark.parametrize(
    ("url", "is_plain"),
    [
        ("http://127.0.0.1:1/a?b=c", True),
        ("https://a.example/a%20b", True),
        ("http://user:word@a.example/a", False),
        ("http://a.example/a b", False),
        ("http://a.example/ä", False),
        ("http://[::1]/a", False),
        ("ftp://a.example/a", False),
    ],
)
def test_what_is_sent_plainly(url: str, is_plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    assert can_send(url) is is_plain


def test_pickles_and_archives_are_held() -> None:
    pickled = adapter("weights pickled")
    assert PICKLE in pickled
    files = {"all.zip": packed({f"{n}/{f}": d for n in "ab" for f, d in adapter().items()}, "zip")}
    with serving_web(files) as web:
        folder = web.add_folder("pickled", pickled)
        reader = Reader(Limiter(QUICK))
        read = reader.read(ToRead(Listed(WebAddress(folder))))
        assert isinstance(read.found, list)
        (report,) = Engine().validate(folder).adapters
        (held,) = read.found
        assert Engine().open_source(held.source()).report.to_dict() == report.to_dict()
        many = reader.read(ToRead(Listed(WebAddress(f"{web.address}/all.zip"))))
        assert isinstance(many.found, list)
        assert [one.name.rpartition("/")[2] for one in many.found] == ["a", "b"]
        known = reader.read(ToRead(Listed(WebAddress(folder)), read.version))
        assert (known.found, known.version) == (None, read.version)
