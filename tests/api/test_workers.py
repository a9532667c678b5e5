"""The running service: slow clients, dying workers, and a graceful shutdown."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from loracfg_api.examples import VALIDATION

from tests.cli.running import ROOT
from tests.service.client import (
    Load,
    ask,
    at_rate,
    connection,
    many_files,
    request_of,
    until_served,
)
from tests.service.serving import SERVE, serving, without_settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc of Linux")

REQUEST = request_of(json.dumps(VALIDATION["fits"]).encode())
SLOW_CLIENTS = 1000


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return without_settings(PYTHONPATH=str(ROOT), LORACFG_ACCESS_LOG="false")


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


async def trickle(port: int, ready: asyncio.Semaphore) -> None:
    """Send a body of which there is always more to come."""
    async with connection(port) as (_, writer):
        head = "POST /validate HTTP/1.1\r\nHost: t\r\nContent-Type: application/json"
        writer.write(f"{head}\r\nContent-Length: 100000\r\n\r\n".encode())
        await writer.drain()
        ready.release()
        while True:
            writer.write(b" ")
            await asyncio.sleep(1)


async def beside_slow_clients(port: int) -> tuple[Load, Load]:
    alone = await at_rate(port, [REQUEST], 100, 4, 2)
    ready = asyncio.Semaphore(0)
    slow = [asyncio.create_task(trickle(port, ready)) for _ in range(SLOW_CLIENTS)]
    for _ in slow:
        await ready.acquire()
    beside = await at_rate(port, [REQUEST], 100, 4, 2)
    assert not any(task.done() for task in slow)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return alone, beside


@pytest.mark.slow
def test_slow_clients_stop_no_fast_one(env: dict[str, str], tmp_path: Path) -> None:
    with many_files(3 * SLOW_CLIENTS), serving(SERVE, env, tmp_path / "log") as address:
        loads = (asyncio.run(beside_slow_clients(port_of(address))) for _ in range(3))
        # a test beside this one may need both cores for a while
        assert any(is_as_fast(*one) for one in loads), "in none of three tries"


def is_as_fast(alone: Load, beside: Load) -> bool:
    assert len(beside.seconds) == len(alone.seconds) == 200
    return beside.quantile(0.5) < alone.quantile(0.5) + 0.2 and beside.quantile(1) < 2


async def keep_asking(port: int, load: Load, stop: asyncio.Event) -> None:
    """Ask one thing after the other, on new connections where one is lost."""
    while not stop.is_set():
        local = 0
        try:
            async with connection(port) as at:
                local = at[1].get_extra_info("sockname")[1]
                while not stop.is_set():
                    started = time.perf_counter()
                    await ask(at, REQUEST)
                    load.seconds.append(time.perf_counter() - started)
        except (OSError, asyncio.IncompleteReadError):
            load.lost.append(local)


async def kill_one(port: int, parent: psutil.Process) -> tuple[Load, set[int], int]:
    """Return what was met, the ports of the clients of the worker that was killed, and its id."""
    load, stop = Load(), asyncio.Event()
    await until_served(port, REQUEST)
    clients = [asyncio.create_task(keep_asking(port, load, stop)) for _ in range(16)]
    await asyncio.sleep(1)
    workers = [p for p in parent.children() if served_by(p)]
    served = served_by(workers[0])
    workers[0].send_signal(signal.SIGKILL)
    await asyncio.sleep(3)
    stop.set()
    await asyncio.gather(*clients)
    return load, served, workers[0].pid


def served_by(process: psutil.Process) -> set[int]:
    found = process.net_connections("tcp")
    return {one.raddr.port for one in found if one.status == psutil.CONN_ESTABLISHED}


@pytest.mark.slow
def test_a_killed_worker_loses_no_other_request(env: dict[str, str], tmp_path: Path) -> None:
    command = (*SERVE, "--workers", "2")
    with serving(command, env, tmp_path / "log") as address:
        (parent,) = [p for p in psutil.Process().children() if "serve" in p.cmdline()]
        load, served, killed = asyncio.run(kill_one(port_of(address), parent))
        alive = [p.pid for p in parent.children() if served_by(p) or p.status() != "zombie"]
        assert load.lost
        assert set(load.lost) <= served
        assert len(load.seconds) > 100
        assert killed not in alive
        assert asyncio.run(at_rate(port_of(address), [REQUEST], 20, 2, 1)).seconds


async def end_while_asking(port: int, process: psutil.Process) -> bytes:
    """Have the service end while a request is on its way."""
    half = len(REQUEST) // 2
    async with connection(port) as at:
        at[1].write(REQUEST[:half])
        await at[1].drain()
        await asyncio.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        return await ask(at, REQUEST[half:])


@pytest.mark.slow
def test_the_end_waits_for_requests(env: dict[str, str], tmp_path: Path) -> None:
    with serving(SERVE, env, tmp_path / "log") as address:
        (process,) = [p for p in psutil.Process().children() if "serve" in p.cmdline()]
        report = asyncio.run(end_while_asking(port_of(address), process))
        assert json.loads(report)["summary"]["valid"] == 1
        assert process.wait(20) == 0
