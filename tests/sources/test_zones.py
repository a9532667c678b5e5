"""Redirects lead only to zones of addresses that the user named, whoever answers for a name."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.audit.reading.fleet_downloads import FleetDownloads
from loracfg.audit.reading.limiter import Limiter, ReadLimits
from loracfg.sources.remote import zones
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.web import Downloads, Web
from loracfg.sources.remote.zones import Zone, zone_of, zone_of_host
from tests.cli.running import call

pytest.importorskip("httpx2", reason="URLs are read with it")

OUTSIDE: Final = "127.0.0.2"
"""An address of this machine that these tests take for one of a public server."""


@pytest.mark.parametrize(
    ("address", "zone"),
    [
        ("8.8.8.8", "public"),
        ("2606:4700::1111", "public"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("0.0.0.0", "loopback"),  # noqa: S104
        ("0.1.2.3", "private"),
        ("::", "loopback"),
        ("::1", "loopback"),
        ("10.0.0.1", "private"),
        ("172.16.0.1", "private"),
        ("192.168.0.1", "private"),
        ("100.64.0.1", "private"),
        ("100.100.100.200", "link-local"),
        ("198.18.0.1", "private"),
        ("192.0.2.1", "private"),
        ("fd00:ec2::254", "link-local"),
        ("192.0.0.192", "link-local"),
        ("192.0.0.8", "private"),
        ("192.88.99.1", "private"),
        ("fec0::1", "private"),
        ("169.254.169.254", "link-local"),
        ("168.63.129.16", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("224.0.0.1", "reserved"),
        ("ff02::1", "reserved"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:169.254.169.254", "link-local"),
        ("::ffff:8.8.8.8", "public"),
        ("::127.0.0.1", "loopback"),
        ("64:ff9b::a00:1", "private"),
        ("2002:7f00:1::", "loopback"),
        ("2002:a9fe:a9fe::", "link-local"),
    ],
)
def test_zones_of_addresses(address: str, zone: Zone) -> None:
    assert zone_of(address) == zone


@pytest.mark.parametrize(
    ("host", "zone"),
    [
        ("localhost", "loopback"),
        ("a.localhost", "loopback"),
        ("localhost.", "loopback"),
        ("ip6-localhost", "loopback"),
        ("127.0.0.1.", "loopback"),
        ("127.1", "loopback"),
        ("2130706433", "loopback"),
        ("0x7f.1", "loopback"),
        ("0177.0.0.1", "loopback"),
        ("10.1", "private"),
        ("::1", "loopback"),
        ("example.org", None),
        ("127.0.0.1.example.org", None),
    ],
)
def test_zones_of_hosts(host: str, zone: Zone | None) -> None:
    assert zone_of_host(host) == zone


class Server:
    """A web server that redirects as its table says, and else answers with a file."""

    def __init__(self, host: str) -> None:
        self.redirects: dict[str, str] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.is_chunked = False
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.asked.append((self.path, self.headers.get("Authorization")))
                place = server.redirects.get(self.path)
                self.send_response(302 if place else 200)
                if place:
                    self.send_header("Location", place)
                if server.is_chunked and not place:
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    self.wfile.write(b"2\r\n{}\r\n0\r\n\r\n")
                    return
                body = b"" if place else b"{}"
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815  # the name is of http.server

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://{host}:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def inside() -> Iterator[Server]:
    server = Server("127.0.0.1")
    yield server
    server.close()


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    real = zones.zone_of
    monkeypatch.setattr(zones, "zone_of", lambda one: "public" if one == OUTSIDE else real(one))
    try:
        server = Server(OUTSIDE)
    except OSError:
        pytest.skip("this machine has one address of its own")
    yield server
    server.close()


@pytest.fixture(params=["full", "lean"])
def web(request: pytest.FixtureRequest) -> Downloads:
    if request.param == "full":
        return Web()
    return FleetDownloads(Limiter(ReadLimits(pause=0.01, longest_wait=0.1)))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses of names, of which each look-up takes one and the last one stays."""
    found: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        known = found.get(host)
        if known:
            host = known.pop(0) if len(known) > 1 else known[0]
        return real(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return found


def test_a_redirect_into_this_machine_is_refused(
    web: Downloads, outside: Server, inside: Server
) -> None:
    outside.redirects["/a"] = f"{inside.url}/secret"
    with pytest.raises(RemoteError, match=r"leads to `127\.0\.0\.1`, which is this machine; check"):
        web.read(f"{outside.url}/a", 0, 10)
    assert inside.asked == []


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]", "0"])
def test_other_spellings_are_refused(
    host: str, web: Downloads, outside: Server, inside: Server
) -> None:
    outside.redirects["/a"] = f"http://{host}:{inside.port}/secret"
    with pytest.raises(RemoteError, match="which is this machine"):
        web.read(f"{outside.url}/a", 0, 10)
    assert inside.asked == []


def test_a_name_that_means_this_machine_is_refused(
    web: Downloads, outside: Server, inside: Server, names: dict[str, list[str]]
) -> None:
    names["other.example"] = ["127.0.0.1"]
    outside.redirects["/a"] = f"http://other.example:{inside.port}/secret"
    with pytest.raises(RemoteError, match=r"`other\.example`, which is this machine"):
        web.read(f"{outside.url}/a", 0, 10)
    assert inside.asked == []


def test_a_name_that_changes_its_meaning_is_refused(
    web: Downloads, outside: Server, inside: Server, names: dict[str, list[str]]
) -> None:
    names["own.example"] = [OUTSIDE, "127.0.0.1"]
    outside.redirects["/a"] = f"http://own.example:{inside.port}/secret"
    with pytest.raises(RemoteError, match=r"`own\.example`, which is this machine"):
        web.read(f"http://own.example:{outside.port}/a", 0, 10)
    assert inside.asked == []


def test_a_name_that_first_meant_this_machine_leads_nowhere_inside(
    web: Downloads, outside: Server, inside: Server, names: dict[str, list[str]]
) -> None:
    names["own.example"] = ["127.0.0.1", OUTSIDE]
    web.read(f"http://own.example:{inside.port}/named", 0, 2)
    outside.redirects["/a"] = f"{inside.url}/secret"
    with pytest.raises(RemoteError, match=r"`127\.0\.0\.1`, which is this machine"):
        web.read(f"http://own.example:{outside.port}/a", 0, 10)
    assert [path for path, _ in inside.asked] == ["/named"]


def test_a_kept_connection_is_no_way_around(
    web: Downloads, outside: Server, inside: Server
) -> None:
    web.read(f"{inside.url}/named", 0, 2)
    outside.redirects["/a"] = f"{inside.url}/secret"
    with pytest.raises(RemoteError, match="which is this machine"):
        web.read(f"{outside.url}/a", 0, 10)
    assert [path for path, _ in inside.asked] == ["/named"]


def test_a_redirect_within_what_was_named_is_followed(web: Downloads, inside: Server) -> None:
    inside.redirects["/a"] = f"http://localhost:{inside.port}/b"
    assert web.read(f"{inside.url}/a", 0, 2).part.data == b"{}"


def test_a_redirect_from_this_machine_to_a_public_address_is_followed(
    web: Downloads, outside: Server, inside: Server
) -> None:
    inside.redirects["/a"] = f"{outside.url}/b"
    assert web.read(f"{inside.url}/a", 0, 2).part.data == b"{}"


def test_the_full_client_of_an_audit_knows_what_the_lean_one_asked(
    outside: Server, inside: Server, names: dict[str, list[str]]
) -> None:
    names["own.example"] = [OUTSIDE, "127.0.0.1"]
    outside.is_chunked = True  # which takes the full client
    inside.redirects["/a"] = "/secret"
    web = FleetDownloads(Limiter(ReadLimits(pause=0.01, longest_wait=0.1)))
    outside.redirects["/a"] = f"http://own.example:{inside.port}/a"
    with pytest.raises(RemoteError, match="which is this machine"):
        web.read(f"http://own.example:{outside.port}/a", 0, 10)
    assert inside.asked == []


def test_a_private_address_is_not_this_machine(web: Downloads, inside: Server) -> None:
    """Without a stand-in, if this machine has an address in a private network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))
        except OSError:
            pytest.skip("this machine has no network")
        own = probe.getsockname()[0]
    if zone_of(own) != "private":
        pytest.skip("this machine has no address in a private network")
    server = Server(own)
    try:
        server.redirects["/a"] = f"{inside.url}/secret"
        with pytest.raises(RemoteError, match="which is this machine"):
            web.read(f"{server.url}/a", 0, 10)
        assert inside.asked == []
    finally:
        server.close()


@pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.1", "localhost"])
def test_a_proxy_is_asked_for_no_address_that_was_not_named(
    host: str, outside: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy at an address of this machine may be used."""
    monkeypatch.setenv("HTTP_PROXY", outside.url.replace(OUTSIDE, "127.0.0.2"))
    monkeypatch.setenv("NO_PROXY", "")
    outside.redirects["http://public.example/a"] = f"http://{host}/secret"
    with pytest.raises(RemoteError, match=f"leads to `{host}`"):
        Web().read("http://public.example/a", 0, 10)
    assert [path for path, _ in outside.asked] == ["http://public.example/a"]


def test_a_server_that_redirects_gets_no_token_elsewhere(
    inside: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = Server("127.0.0.1")
    try:
        monkeypatch.setenv("LORACFG_TOKEN", "s3cret")
        monkeypatch.setattr(urllib.request, "getproxies", dict)
        inside.redirects["/validate"] = f"{other.url}/validate"
        (tmp_path / "adapter_config.json").write_text('{"peft_type": "LORA", "r": 8}')
        outcome = call("validate", tmp_path, "--server", inside.url)
        assert outcome.status == 2
        assert "redirects, which is not followed; pass the URL of the server" in outcome.err
        assert other.asked == []
    finally:
        other.close()
