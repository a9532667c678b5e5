"""Load the service while attackers leave requests unfinished, and print how others fare.

python -m docs.benchmark_attack

The service has two workers, each with 1,024 files. 1,100 attackers keep heads and bodies
unfinished, of which some drip, and begin again when they are cut off. Beside them, 500 clients send
requests that all differ, on connections that they keep. Needs the extra `test` and Linux; 100,000
requests take some minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil
from loracfg_api.examples import VALIDATION

from tests.service.attackers import ask_kept, siege
from tests.service.client import Load, many_files, request_of, resident_bytes, until_served
from tests.service.serving import SERVE, serving, without_settings

BODY: Final = VALIDATION["fits"]
WARM_UP: Final = 2000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m docs.benchmark_attack", description=__doc__)
    parser.add_argument("--attackers", type=int, default=1100)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=250, help="requests per second")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--files", type=int, default=1024, help="files that a worker may open")
    options = parser.parse_args()
    script = f'ulimit -n {options.files}; exec "$@"'
    command = ("bash", "-c", script, "bash", *SERVE, "--workers", str(options.workers))
    env = without_settings(LORACFG_ACCESS_LOG="false")
    with (
        tempfile.TemporaryDirectory() as folder,
        many_files(2 * options.attackers + 2 * options.clients + 200),
        serving(command, env, Path(folder) / "log") as address,
    ):
        asyncio.run(measure(int(address.rpartition(":")[2]), options))


async def measure(port: int, options: argparse.Namespace) -> None:
    """Print the figures without attackers, and with them."""
    await until_served(port, request(0))
    alone = await ask_kept(port, request, options.rate, options.clients, WARM_UP)
    describe("alone", alone)
    workers = processes()
    before = [resident_bytes(worker) for worker in workers]
    async with siege(port, options.attackers) as state:
        beside = await ask_kept(port, request, options.rate, options.clients, options.requests)
        write(f"attackers: {state.open} open at the end, {state.ended} were cut off")
    describe("beside attackers", beside)
    for worker, size in zip(workers, before, strict=True):
        after = resident_bytes(worker)
        write(f"worker {worker}: {size / 1e6:.1f} MB before, {after / 1e6:.1f} MB after")
    if processes() != workers:
        sys.exit("a worker was replaced")


def request(number: int) -> bytes:
    """Return a request that no other number has."""
    return request_of(json.dumps({**BODY, "name": f"adapter-{number}"}).encode())


def describe(name: str, load: Load) -> None:
    """Print how long the answers of well-behaved clients took."""
    p50, p99, worst = (load.quantile(share) * 1000 for share in (0.5, 0.99, 1))
    write(
        f"{name}: {len(load.seconds)} answers, p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
        f"slowest {worst:.0f} ms, {load.renewed} connections renewed, {len(load.lost)} errors"
    )


def write(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def processes() -> Sequence[int]:
    """Return the processes that serve."""
    (parent,) = [p for p in psutil.Process().children() if "serve" in p.cmdline()]
    workers = [p for p in parent.children() if "spawn_main" in " ".join(p.cmdline())]
    return [p.pid for p in workers] or [parent.pid]


if __name__ == "__main__":
    main()
