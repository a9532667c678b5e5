"""Servers that misbehave: each fault has its message, ends in time, and shows no secret."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from loracfg.report.formats import FORMATS
from loracfg.report.render import render
from loracfg.report.report import Report
from loracfg.sources.remote.http_answers import seconds
from tests.cli.running import call, run, write_adapter
from tests.sources.adapters import CONFIG, WEIGHTS
from tests.sources.faults import FAULTS
from tests.sources.faulty_runs import (
    LIMITS,
    LONGEST_READ,
    SLACK,
    check,
    drawn,
    files,
    judge,
    run_all,
    serve_both,
)
from tests.sources.faulty_server import FaultyServer, certificate, serving_faults

pytest.importorskip("httpx2", reason="URLs are read with it")

SECRET: Final = "s3cret"  # noqa: S105  # of no one
NOT_HTTP: Final = "does not follow HTTP: "
MESSAGES: Final = {
    "header-drip": "did not begin its answer within 0.5 seconds",
    "header-silence": "sent nothing for 0.3 seconds",
    "silence": "sent nothing for 0.3 seconds",
    "informational": "did not begin its answer within 0.5 seconds",
    "endless-headers": "does not answer as a web server",
    "body-drip": "arrives more slowly than 2000 kB per second",
    "body-silence": "arrives more slowly than|sent nothing for",
    "chunk-drip": "arrives more slowly than 2000 kB per second",
    "short-body": "broke off before its end",
    "short-part": r"sent \d+ of \d+ bytes",
    "long-body": NOT_HTTP + "it sent more bytes than it announced",
    "long-file": "is more than 1.0 MiB, and the server does not support range requests",
    "hang-up": "the connection to `127.0.0.1:PORT` broke off",
    "wrong-range": NOT_HTTP + "it sent a different part of the file",
    "wrong-range-end": r"sent \d+ of \d+ bytes",
    "no-range": NOT_HTTP + "it sent a different part of the file",
    "range-of-unknown": "does not say how large the file is",
    "range-of-endless": NOT_HTTP + "it says that the file is larger than any",
    "range-of-junk": NOT_HTTP + "it sent a different part of the file",
    "huge-file": "is 93.1 GiB, and the server does not support range requests",
    "login-page": "is a web page, not the file",
    "page-in-part": "is a web page, not the file",
    "gzip": NOT_HTTP + "it sent the file compressed",
    "changed-etag@2": "changed while it was read",
    "changed-size@2": "changed while it was read",
    "no-content": "returned status 204",
    "not-http": "does not answer as a web server",
    "wrong-status": "does not answer as a web server",
    "busy": "is limiting requests",
    "busy-long": "is limiting requests and asks to wait 86400 seconds",
    "busy-until": r"is limiting requests and asks to wait 3\d{3} seconds",
    "busy-junk": "is limiting requests",
    "busy-negative": "returned status 503",
    "refused-range": NOT_HTTP + "it refused to send the first bytes",
    "redirect-loop": "redirects more than 10 times",
    "redirect-chain": "redirects more than 10 times",
    "redirect-to-file": "redirects to something that is not an HTTP URL",
    "redirect-to-secret": "redirects to something that is not an HTTP URL",
    "redirect-to-nothing": "redirects more than 10 times",
    "redirect-to-junk": "returned status 302|is not a URL",  # by the release of httpx2
    "redirect-to-refused": "`127.0.0.1:1` refused the connection",
    "status-300": "returned status 300",
    "status-400": "returned status 400",
    "status-401": "needs a login",
    "status-403": r"the server refuses access to `http://.*` \(status 403\)",
    "status-404": f"has neither `{CONFIG}` nor `{WEIGHTS}`",
    "status-410": f"has neither `{CONFIG}` nor `{WEIGHTS}`",
    "status-418": "returned status 418",
    **{f"status-{number}": f"returned status {number}" for number in (500, 502, 503, 504)},
    "empty": "the file is empty",
}
HARMLESS: Final = (
    "sound",
    "typed-as-page",
    "hang-up-once",
    "busy-once",
    "whole-file",
    "whole-file-in-chunks",
    "redirect-with-endless-body",
    *(f"redirect-{number}" for number in (301, 302, 303, 307, 308)),
)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyServer]:
    yield from serve_both()


def test_every_fault_is_tried() -> None:
    tried = {name.partition("@")[0] for name in (*MESSAGES, *HARMLESS)}
    assert tried == FAULTS.keys()


@pytest.mark.parametrize("fault", MESSAGES)
def test_a_fault_has_its_message(fault: str, server: FaultyServer) -> None:
    before = len(server.asked)
    found = judge(f"http://me:{SECRET}@127.0.0.1:{server.port}/{fault}/m/a?key={SECRET}")
    (finding, *_) = found.report.diagnostics
    pattern = MESSAGES[fault].replace("PORT", str(server.port))
    assert re.search(pattern, finding.message)
    assert finding.help
    assert found.report.status == ("invalid" if fault == "empty" else "error")
    assert found.seconds < 2 * LONGEST_READ + SLACK
    assert len(server.asked) - before <= 12
    report = Report("", (found.report,))
    assert not [name for name in FORMATS if SECRET in render(report, name)]


@pytest.mark.parametrize("fault", HARMLESS)
@pytest.mark.parametrize("place", ["", f"@{CONFIG}", f"@{WEIGHTS}", "@2"])
def test_what_is_no_fault(fault: str, place: str, server: FaultyServer) -> None:
    found = judge(f"{server.address}/{fault}{place}/n{len(server.asked)}/a")
    assert found.report.status == "undetermined"  # there is no base
    assert found.report.coverage.tensors == 8


@pytest.mark.parametrize(
    "fault", ["short-body", "gzip", "login-page", "status-403", "busy-long", "header-drip"]
)
@pytest.mark.parametrize("end", ["lora.safetensors", "all.zip"])
def test_faults_of_a_file_and_an_archive(fault: str, end: str, server: FaultyServer) -> None:
    found = judge(f"{server.address}/{fault}/f/{end}")
    assert found.report.status == "error"
    assert re.search(MESSAGES[fault], found.report.diagnostics[0].message)


def test_a_base_that_needs_a_login(server: FaultyServer, tmp_path: Path) -> None:
    named = "--base", f"{server.address}/status-401/{CONFIG}"
    said = call("validate", write_adapter(tmp_path / "a"), *named).out
    assert "error[LC005]" in said
    assert "or download the base's `config.json` and pass that" in said


@pytest.mark.parametrize("number", [301, 302, 303, 307, 308])
def test_another_host_gets_no_password(number: int) -> None:
    with serving_faults(files()) as other:
        others = {"sound": f"{other.address}/sound"}
        with serving_faults(files(), others) as server:
            judge(f"http://me:{SECRET}@127.0.0.1:{server.port}/redirect-{number}/a")
            assert all("authorization" in headers for _, headers in server.asked)
        assert other.asked
        for path, headers in other.asked:
            assert "authorization" not in headers
            assert "referer" not in headers
            assert SECRET not in repr((path, headers))


@pytest.mark.parametrize("end", ["a", "all.zip"])
def test_a_busy_server_is_asked_three_times(end: str, server: FaultyServer) -> None:
    for fault, count in (("busy", 3), ("hang-up", 3), ("busy-long", 1), ("status-403", 1)):
        before = len(server.asked)
        judge(f"{server.address}/{fault}/three/{end}")
        assert len(server.asked) - before == count


@pytest.mark.parametrize("fault", ["busy-once", "hang-up-once"])
def test_an_archive_is_asked_for_again(fault: str, server: FaultyServer) -> None:
    assert judge(f"{server.address}/{fault}/again/all.zip").report.coverage.tensors == 8


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        (None, None),
        ("0", 0),
        (" 12 ", 12),
        ("soon", None),
        ("-1", None),
        ("1e9", None),
        ("9" * 30, None),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("Fri, 99 Foo 2030 23:59:59 GMT", None),
        ("", None),
    ],
)
def test_how_long_a_server_asks_to_wait(text: str | None, wait: float | None) -> None:
    assert seconds(text) == wait


def said(url: str) -> str:
    found = judge(url)
    (finding,) = found.report.diagnostics
    assert finding.code == "LC026"
    assert finding.help
    assert found.seconds < LONGEST_READ + SLACK
    return f"{finding.message}; {finding.help}"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert f"`127.0.0.1:{port}` refused the connection" in said(f"http://127.0.0.1:{port}/a")


def test_a_server_that_accepts_nobody() -> None:
    with contextlib.ExitStack() as stack:
        busy = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # more than the queue takes
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(busy.getsockname())
        message = said(f"http://127.0.0.1:{busy.getsockname()[1]}/a")
    assert "did not accept a connection within 0.4 seconds" in message


def test_a_host_that_does_not_exist() -> None:
    assert "the address of `nowhere.invalid` cannot be found" in said("http://nowhere.invalid/a")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return certificate(tmp_path_factory.mktemp("tls"))


def test_certificates(
    tls: tuple[Path, ssl.SSLContext], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, context = tls
    with serving_faults(files(), {"sound": "http://127.0.0.1:1/a"}, context) as server:
        url = f"{server.address}/sound/a"
        message = said(url)
        assert "the certificate of `127.0.0.1:" in message
        assert "is not trusted" in message
        assert "`SSL_CERT_FILE`" in message
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        assert judge(url).report.status == "undetermined"
        other = url.replace("127.0.0.1", "localhost")
        assert "is not trusted: Hostname mismatch" in said(other)
        assert "redirects from `https` to `http`" in said(url.replace("sound", "redirect-302", 1))
        plain = url.replace("https://", "http://")
        assert re.search("does not answer as a web server|broke off", said(plain))


def test_no_tls_where_it_is_expected() -> None:
    def answer(listening: socket.socket) -> None:
        with listening.accept()[0] as connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(1000)

    with socket.create_server(("127.0.0.1", 0)) as plain:
        worker = threading.Thread(target=answer, args=(plain,))
        worker.start()
        port = plain.getsockname()[1]
        message = said(f"https://127.0.0.1:{port}/a")
        worker.join()
    assert f"no secure connection to `127.0.0.1:{port}` is possible" in message
    assert "`http://`" in message


def test_certificates_that_cannot_be_read(
    tmp_path: Path, server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "junk.pem").write_text("junk")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "junk.pem"))
    found = judge(f"{server.address}/sound/a")
    (finding,) = found.report.diagnostics
    assert finding.code == "LC026"
    assert finding.message == "`SSL_CERT_FILE` names no file with certificates"
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert judge(f"{server.address}/sound/a").report.diagnostics == (finding,)


def test_proxies(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTP_PROXY", f"http://me:{SECRET}@127.0.0.1:1")
    assert "the proxy for `example.org` cannot be reached" in said("http://example.org/a")
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:{SECRET}@127.0.0.1:{server.port}")
    message = said("https://example.org/a")  # the server knows no CONNECT
    assert "the proxy did not connect to `example.org`" in message
    assert "`HTTPS_PROXY`" in message
    assert SECRET not in message
    monkeypatch.setenv("HTTP_PROXY", f"socks9://me:{SECRET}@127.0.0.1:1")
    found = judge("http://example.org/a")
    assert "the URL of a proxy in the environment cannot be used" in repr(found.report)
    assert found.report.diagnostics[0].code == "LC026"
    assert SECRET not in repr(found.report)


@pytest.mark.parametrize("fault", ["status-401", "redirect-to-secret", "hang-up", "not-http"])
@pytest.mark.parametrize("command", ["validate", "inspect", "compat", "diff", "fix", "migrate"])
def test_no_command_shows_a_secret(command: str, fault: str, server: FaultyServer) -> None:
    url = f"http://me:{SECRET}@127.0.0.1:{server.port}/{fault}/c/a?key={SECRET}"
    more = {"diff": [url], "migrate": ["--to", "0.12.0"]}.get(command, [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LORACFG_DEBUG", "0")  # `--debug` sets it
        outcome = call(command, url, *more, "--debug")
    assert outcome.status == 2
    assert SECRET not in outcome.out + outcome.err
    assert "--debug" not in outcome.err


def test_a_run_of_the_command_shows_no_secret(server: FaultyServer) -> None:
    url = f"http://me:{SECRET}@127.0.0.1:{server.port}/status-401/c/a?key={SECRET}"
    outcome = run("validate", url, "--debug", "--base", url, "--trace", "LC026")
    assert outcome.status == 2
    assert "LC026" in outcome.out
    assert SECRET not in outcome.out + outcome.err


@pytest.mark.slow
def test_drawn_faults(server: FaultyServer) -> None:
    runs = run_all(drawn(300, 7, server.address))
    for one in runs:
        check(one)
    assert len({one.report.status for one in runs}) == 3


def test_the_limits_bound_a_read() -> None:
    assert LIMITS.attempts == 3
    assert LONGEST_READ < 5
