"""Compare the service with a bare FastAPI route, and write docs/service_performance.md.

python -m docs.benchmark_service

Both run as one worker on one core, alternating in each round, with the clients on a second core.
The bare route takes and returns JSON of the same size. Needs the extra `test`, Linux and two cores;
100,000 requests and an upload of 10 GB take some minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from loracfg.adapter.header.safetensors_file import read_head
from tests.llama8b import make
from tests.service.client import (
    ask,
    at_once,
    at_rate,
    connection,
    request_of,
    resident_bytes,
    upload,
)

ROOT: Final = Path(__file__).resolve().parents[1]
CLIENTS: Final = 8
KINDS: Final = 4
SECONDS: Final = 6.0
GB: Final = 1_000_000_000

BARE: Final = """
import json, sys
from typing import Any
from fastapi import FastAPI
app = FastAPI()
answer = json.load(open(sys.argv[2]))
@app.post("/validate")
async def validate(body: dict[str, Any]) -> dict[str, Any]:
    return answer
"""
SERVICE: Final = """
import os, sys
os.environ["LORACFG_ACCESS_LOG"] = "false"
from loracfg_api.app import create_app
app = create_app()
"""
SERVE: Final = """
import os, uvicorn
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
"""


@dataclass(frozen=True)
class Pair:
    """A figure of the service and the same of the bare route."""

    service: float
    bare: float


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m docs.benchmark_service", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--gigabytes", type=int, default=10)
    options = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        recurring = bodies(work / "made", KINDS)
        (work / "answer.json").write_bytes(asked_once(recurring[0]))
        with serving(SERVICE) as service, serving(BARE, work / "answer.json") as bare:
            rates = compared(service, bare, recurring, options.rounds)
            fresh = different(service, bare, work / "made", options.rounds, 10**9)
            adapters = different(service, bare, work / "made", options.rounds, 1)
            late = latencies(service, bare, recurring, rates.service / 2, options.rounds)
            grown = growth(service, recurring, options.requests)
            swollen = upload_growth(service, options.gigabytes)
    text = page((rates, adapters, fresh), late, grown, swollen, options)
    (ROOT / "docs/service_performance.md").write_text(text, "utf-8")


@dataclass(frozen=True)
class Served:
    """A server: its port and its process."""

    port: int
    process: int


@contextmanager
def serving(program: str, *arguments: Path) -> Iterator[Served]:
    """Run a server in its own process."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-c", program + SERVE, str(port), *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        asyncio.run(_until_served(port))
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait()


async def _until_served(port: int) -> None:
    for _ in range(300):
        try:
            async with connection(port):
                return
        except OSError:
            await asyncio.sleep(0.1)
    raise TimeoutError("the server does not start")


def bodies(folder: Path, count: int, first: int = 0, bases: int = 10**9) -> list[bytes]:
    """Return bodies with the header of Llama 3 8B's adapter, whose configs differ.

    Those of their bases do too, up to so many.
    """
    adapter, base = make(folder) if not folder.exists() else (folder / "adapter", folder / "base")
    weights = adapter / "adapter_model.safetensors"
    with weights.open("rb") as stream:
        head = b64encode(read_head(stream)).decode()
    size = weights.stat().st_size
    config = json.loads((adapter / "adapter_config.json").read_text())
    model = json.loads((base / "config.json").read_text())
    return [
        json.dumps(
            {
                "config": json.dumps(config | {"lora_alpha": 32 + n}, indent=2),
                "weights": {"head": head, "size": size},
                "base": {"config": model | {"vocab_size": 128256 + n % bases}},
            }
        ).encode()
        for n in range(first, first + count)
    ]


def asked_once(body: bytes) -> bytes:
    """Return the report of the service."""
    with serving(SERVICE) as service:
        return asyncio.run(_answer(service.port, request_of(body)))


async def _answer(port: int, request: bytes) -> bytes:
    async with connection(port) as at:
        return await ask(at, request)


def compared(service: Served, bare: Served, sent: Sequence[bytes], rounds: int) -> Pair:
    """Return the responses per second of both, as medians of alternating rounds."""
    requests = [request_of(body) for body in sent]
    found: dict[Served, list[float]] = {service: [], bare: []}
    for number in range(rounds + 1):
        for one, rates in found.items():
            load = asyncio.run(at_once(one.port, requests, CLIENTS, SECONDS if number else 1))
            if number:  # the first warms up
                rates.append(len(load.seconds) / SECONDS)
    return Pair(statistics.median(found[service]), statistics.median(found[bare]))


def different(service: Served, bare: Served, made: Path, rounds: int, bases: int) -> Pair:
    """Return the same if all adapter configs differ, for a number of bases."""
    found: dict[Served, list[float]] = {service: [], bare: []}
    count = 1200
    for number in range(rounds):
        requests = [request_of(b) for b in bodies(made, count, number * count, bases)]
        for one, rates in found.items():
            started = time.perf_counter()
            asyncio.run(_each_once(one.port, requests))
            rates.append(count / (time.perf_counter() - started))
    return Pair(statistics.median(found[service]), statistics.median(found[bare]))


async def _each_once(port: int, requests: Sequence[bytes]) -> None:
    await at_rate(port, requests, 1e9, CLIENTS, len(requests) / 1e9)


def latencies(
    service: Served, bare: Served, sent: Sequence[bytes], rate: float, rounds: int
) -> Pair:
    """Return the 99th percentile of the response times at this rate, in seconds."""
    requests = [request_of(body) for body in sent]
    found: dict[Served, list[float]] = {service: [], bare: []}
    for _ in range(rounds):
        for one, times in found.items():
            load = asyncio.run(at_rate(one.port, requests, rate, CLIENTS, SECONDS))
            times.append(load.quantile(0.99))
    return Pair(statistics.median(found[service]), statistics.median(found[bare]))


def growth(service: Served, sent: Sequence[bytes], count: int) -> tuple[int, int]:
    """Return the resident memory after a tenth of the requests, and after all, in bytes."""
    requests = [request_of(sent[number % len(sent)]) for number in range(count // 10)]
    sizes = []
    for _ in range(10):
        asyncio.run(_each_once(service.port, requests))
        sizes.append(resident_bytes(service.process))
    return sizes[0], sizes[-1]


def upload_growth(service: Served, gigabytes: int) -> tuple[int, float]:
    """Return by how much an upload raises the peak memory, and how many seconds it takes."""
    before = peak_bytes(service.process)
    started = time.perf_counter()
    report = json.loads(asyncio.run(upload(service.port, gigabytes * GB // 2**20 * 2**20)))
    assert report["adapters"][0]["coverage"]["tensors"] == 1, report
    return peak_bytes(service.process) - before, time.perf_counter() - started


def peak_bytes(process: int) -> int:
    """Return the peak memory of a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def page(
    rates: tuple[Pair, Pair, Pair],
    late: Pair,
    grown: tuple[int, int],
    swollen: tuple[int, float],
    options: Any,
) -> str:
    """Return the page."""
    where = f"{platform.machine()}, Python {platform.python_version()}"
    first, last = (size / 1e6 for size in grown)
    what = (
        f"{KINDS} different adapter configs and {KINDS} base configs",
        "all adapter configs differ, one base",
        "all adapter configs and base configs differ",
    )
    rows = "\n".join(
        f"| requests per second: {name} | {one.service:.0f} | {one.bare:.0f} "
        f"| {one.service / one.bare:.0%} |"
        for name, one in zip(what, rates, strict=True)
    )
    return f"""# Performance of the service

Measured by `python -m docs.benchmark_service` on {where}, in one run: one worker on one core,
{CLIENTS} clients on another, medians of {options.rounds} alternating rounds. Each request has the
config and the header of an adapter with the shapes of Llama 3 8B (448 tensors) and the config of
its base. The bare FastAPI route takes the same JSON and returns JSON of the same size.

| | `POST /validate` | Bare route | Share |
|---|--:|--:|--:|
{rows}
| 99th percentile of the response time, at half of the first rate | \
{late.service * 1000:.1f} ms | {late.bare * 1000:.1f} ms | |

| Memory of the worker | |
|---|--:|
| after {options.requests // 10:,} requests | {first:.1f} MB |
| after {options.requests:,} requests | {last:.1f} MB |
| additional peak of an upload of {options.gigabytes} GB, which took {swollen[1]:.0f} s | \
{swollen[0] / 1e6:.1f} MB |
"""


if __name__ == "__main__":
    main()
