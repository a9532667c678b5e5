"""Clients that leave something unfinished, on the real server: they end, and cost nobody else."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]
import pytest
from loracfg_api.examples import VALIDATION

from tests.cli.running import ROOT
from tests.service.attackers import (
    HEALTH,
    PIPELINED,
    POST,
    UNFINISHED,
    UNREAD,
    ask_anew,
    siege,
)
from tests.service.client import Load, many_files, request_of, until_served
from tests.service.serving import SERVE, serving, without_settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="file limits and /proc of Linux")

REQUEST: Final = request_of(json.dumps(VALIDATION["fits"]).encode())
GET: Final = b"GET /openapi.json HTTP/1.1\r\nHost: t\r\n"
PATIENCE: Final = 20.0


def settings(**limits: str) -> dict[str, str]:
    return without_settings(PYTHONPATH=str(ROOT), LORACFG_ACCESS_LOG="false", **limits)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run a service that waits for half a second, and return its port."""
    env = settings(LORACFG_HEAD_SECONDS="0.5", LORACFG_IDLE_SECONDS="0.5")
    with serving(SERVE, env, tmp_path_factory.mktemp("service") / "log") as address:
        yield port_of(address)


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def connect(port: int, receive_buffer: int | None = None) -> socket.socket:
    client = socket.socket()
    if receive_buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    client.settimeout(PATIENCE)
    client.connect(("127.0.0.1", port))
    return client


def read_all(client: socket.socket) -> bytes:
    """Return what the server sends until it ends the connection."""
    received = b""
    with suppress(ConnectionError):
        while data := client.recv(65_536):
            received += data
    return received


def read_response(client: socket.socket) -> bytes:
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        received += client.recv(65_536)
    length = received.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    while len(received) < end + 4 + int(length):
        received += client.recv(65_536)
    return received


def drip(client: socket.socket, byte: bytes) -> bytes:
    """Send a byte now and then, and return what the server sent when it has ended."""
    deadline = time.monotonic() + PATIENCE
    client.settimeout(0.1)
    received = b""
    while time.monotonic() < deadline:
        try:
            client.sendall(byte)
            data = client.recv(65_536)
        except TimeoutError:
            continue
        except ConnectionError:
            return received
        if not data:
            return received
        received += data
    raise AssertionError("the connection does not end")


@pytest.mark.parametrize("kind", [kind for kind in UNFINISHED if kind != UNREAD])
def test_what_is_unfinished_ends(kind: str, port: int) -> None:
    first, dripped = UNFINISHED[kind]
    with connect(port) as client:
        client.sendall(first)
        answer = drip(client, dripped) if dripped else read_all(client)
    assert (b"HTTP/1.1 408" in answer) == ("body" in kind)
    assert bool(answer) == ("body" in kind)


def test_a_later_head_that_drips_ends(port: int) -> None:
    with connect(port) as client:
        client.sendall(HEALTH)
        assert read_response(client).startswith(b"HTTP/1.1 200")
        client.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert drip(client, b"x") == b""


def test_a_refused_body_that_goes_on_ends(port: int) -> None:
    head = POST + b"Content-Length: 99000000000\r\n\r\n"
    with connect(port) as client:
        client.sendall(head)
        assert read_response(client).startswith(b"HTTP/1.1 413")
        assert drip(client, b"x" * 1000) == b""


@pytest.mark.parametrize("end", [b"\r\n", b"Connection: close\r\n\r\n"])
def test_a_response_that_is_not_read_ends(end: bytes, port: int) -> None:
    with connect(port, receive_buffer=4096) as client:
        with suppress(ConnectionError):
            for _ in range(4):  # more than the system keeps for the client, 4 MiB at most
                client.sendall((GET + b"\r\n") * 10)
                time.sleep(0.2)
            client.sendall(GET + end)
        assert until_only(port, 1), "the connection is open"


def test_a_response_that_is_read_slowly_arrives(port: int) -> None:
    with connect(port, receive_buffer=4096) as client:
        client.sendall(GET + b"Connection: close\r\n\r\n")
        received = b""
        while data := client.recv(8192):
            received += data
            time.sleep(0.02)
    body = received.partition(b"\r\n\r\n")[2]
    assert json.loads(body)["openapi"]


def until_only(port: int, most: int) -> bool:
    """Wait until the server has no more connections than these."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        (process,) = [p for p in psutil.Process().children() if str(port) in ports_of(p)]
        if len(process.net_connections("tcp")) <= most:
            return True
        time.sleep(0.1)
    return False


def ports_of(process: psutil.Process) -> set[str]:
    return {str(one.laddr.port) for one in process.net_connections("tcp")}


CHUNKED: Final = POST + b"Transfer-Encoding: chunked\r\n\r\n"
FLOODS: Final = {
    "a long URL": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    "a long value": b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"A:\r\n" * 101 + b"\r\n",
    "a value without end": b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000,
    "a name without end": b"GET / HTTP/1.1\r\n" + b"a" * 1_000_000,
    "a URL without end": b"GET /" + b"a" * 1_000_000,
    "an extension without end": CHUNKED + b"1;" + b"a" * 1_000_000,
    "trailers without end": CHUNKED + b"2\r\n{}\r\n0\r\n" + b"A: b\r\n" * 100_000,
    "a trailer without end": CHUNKED + b"2\r\n{}\r\n0\r\nX: " + b"a" * 1_000_000,
    "a thousand requests": HEALTH * 1000,
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_floods_are_refused(flood: bytes, port: int) -> None:
    with connect(port) as client:
        try:
            client.sendall(flood)
        except ConnectionError:
            return
        answer = read_all(client)
    assert answer == b"" or b"HTTP/1.1 400" in answer


def test_requests_at_once_are_answered_in_order(port: int) -> None:
    with connect(port) as client:
        client.sendall(HEALTH * 9 + HEALTH[:-2] + b"Connection: close\r\n\r\n")
        assert read_all(client).count(b"HTTP/1.1 200") == 10


def test_an_upgrade_is_an_ordinary_request(port: int) -> None:
    upgrade = b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\n"
    with connect(port) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: t\r\n" + upgrade + b"\r\n")
        assert read_response(client).startswith(b"HTTP/1.1 200")
        assert b"HTTP/1.1 101" not in drip(client, b"\x81")


def test_a_client_that_waits_for_leave_gets_it(port: int) -> None:
    head, _, body = REQUEST.partition(b"\r\n\r\n")
    with connect(port) as client:
        client.sendall(head + b"\r\nExpect: 100-continue\r\n\r\n")
        assert client.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        assert read_response(client).startswith(b"HTTP/1.1 200")


EVERY: Final = tuple(UNFINISHED)


async def besieged(
    port: int, attackers: int, rate: float, count: int, kinds: Sequence[str]
) -> tuple[Load, int]:
    async with siege(port, attackers, kinds) as state:
        load = await ask_anew(port, [REQUEST], rate, 10, count)
        return load, state.ended


@pytest.mark.parametrize(
    ("files", "attackers", "workers", "kinds"),
    [
        (128, 200, 1, EVERY),
        (128, 200, 1, [UNREAD]),
        (128, 200, 1, [PIPELINED]),
        pytest.param(1024, 1100, 1, EVERY, marks=pytest.mark.slow),
        pytest.param(1024, 1100, 2, EVERY, marks=pytest.mark.slow),
        pytest.param(1024, 1100, 2, [UNREAD], marks=pytest.mark.slow),
    ],
)
def test_more_attackers_than_files_cost_nobody_an_answer(
    files: int, attackers: int, workers: int, kinds: Sequence[str], tmp_path: Path
) -> None:
    script = f'ulimit -n {files}; exec "$@"'
    command = ("bash", "-c", script, "bash", *SERVE, "--workers", str(workers))
    with many_files(4 * attackers), serving(command, settings(), tmp_path / "log") as address:
        asyncio.run(until_served(port_of(address), REQUEST))
        load, _ = asyncio.run(besieged(port_of(address), attackers, 50, 300, kinds))
    assert len(load.seconds) == 300
    assert load.quantile(0.5) < 1
    assert "defect" not in (tmp_path / "log").read_text()
