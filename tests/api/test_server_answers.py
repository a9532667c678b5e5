"""What `--server` says about a server whose answer is no report."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest

from loracfg.engine.engine import Engine
from tests.cli.running import call, write_adapter


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """Run a server that sends these bytes to its only client, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.settimeout(10)
                received = b""
                while b"\r\n\r\n" not in received:
                    received += client.recv(65_536)
                client.sendall(answer)
                client.shutdown(socket.SHUT_WR)
                while client.recv(65_536):
                    pass

        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def response(body: bytes, status: str = "200 OK", missing: int = 0) -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(body) + missing}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def report(adapter: Path, **changes: Any) -> bytes:
    return json.dumps(Engine().validate(adapter).to_dict() | changes).encode()


NO_REPORT: Final = "did not return a report"
CUT_OFF: Final = "did not return a complete HTTP response"
NO_ADAPTER: Final = b'{"report_version": 1, "tool": {"version": "1"}, "adapters": ["a"]}'


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", CUT_OFF),
        (b"nonsense\r\n\r\n", CUT_OFF),
        (response(b'{"report', missing=100), CUT_OFF),
        (response(b"{", "500 Oops", missing=100), "returned 500: Oops"),
        (response(b"[1]", "500 Oops"), "returned 500: Oops"),
        (response(b"<html>"), NO_REPORT),
        (response(b"[]"), NO_REPORT),
        (response(b"\xff"), NO_REPORT),
        (response(b"[" * 100_000), NO_REPORT),
        (response(NO_ADAPTER), NO_REPORT),
    ],
)
def test_no_report(answer: bytes, words: str, tmp_path: Path) -> None:
    said(answer, words, write_adapter(tmp_path / "adapter"))


@pytest.mark.parametrize("status", ["200 OK", "500 Oops"])
def test_an_endless_answer_is_not_read_to_its_end(
    status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loracfg.cli.server._MAX_BYTES", 1000)
    words = "returned more than 1000 bytes" if status == "200 OK" else "returned 500: Oops"
    said(response(b" " * 1001 + b"{}", status), words, write_adapter(tmp_path / "adapter"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"report_version": 99}, "returned version `99` of the report format, not `1`"),
        ({"report_version": 99, "adapters": "new"}, "returned version `99`"),
        ({"report_version": [1]}, "returned version `[1]`"),
        ({"adapters": []}, "returned 0 results for one adapter"),
        ({"adapters": [{"diagnostics": [1]}]}, NO_REPORT),
    ],
)
def test_other_reports(changes: dict[str, Any], words: str, tmp_path: Path) -> None:
    adapter = write_adapter(tmp_path / "adapter")
    said(response(report(adapter, **changes)), words, adapter)


def said(answer: bytes, words: str, adapter: Path) -> None:
    with answering(answer) as address:
        outcome = call("validate", adapter, "--server", address)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"loracfg: `{address}/validate` ")
    assert words in outcome.err


@pytest.mark.parametrize("url", ["http://[", "http://", "http://localhost:port", "localhost:8000"])
def test_wrong_address(url: str, tmp_path: Path) -> None:
    outcome = call("validate", write_adapter(tmp_path / "adapter"), "--server", url)
    assert (outcome.status, outcome.out) == (2, "")
    assert f"`{url}` is not an HTTP URL" in outcome.err
