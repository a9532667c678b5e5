"""`loracfg serve` says why it cannot listen, before it starts."""

from __future__ import annotations

import socket

import pytest

from tests.cli.running import call

pytest.importorskip("uvicorn", reason="the service needs the extra `api`")


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_wrong_port(port: str) -> None:
    outcome = call("serve", "--port", port)
    assert (outcome.status, outcome.out) == (2, "")
    assert f"'--port': '{port}'" in outcome.err or f"'--port': {port}" in outcome.err


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_port_in_use(host: str, workers: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        other = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with other:
        port = other.getsockname()[1]
        outcome = call("serve", "--host", host, "--port", str(port), "--workers", workers)
    assert (outcome.status, outcome.out) == (2, "")
    assert (
        f"loracfg: cannot listen on `{host}`, port `{port}`: address already in use" in outcome.err
    )


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70, "..", "192.0.2.1"])
def test_host_that_is_not_here(host: str) -> None:
    outcome = call("serve", "--host", host, "--port", "0")
    assert (outcome.status, outcome.out) == (2, "")
    assert f"loracfg: cannot listen on `{host}`, port `0`: " in outcome.err
