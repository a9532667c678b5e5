"""Configs that ask for too much, sent to a service with one worker.

`python -m tests.api.hostile_configs --layout 5 [TYPE…]` sets every number and every list of every
model type's config to values that no model has, asks `POST /validate` of a running service for
each, and tells which answers took too long or too much memory, and whether others were answered
meanwhile. All 116,000 of layout 5 take an hour; `--part 2/4` asks
a quarter of them, spread over all types.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil  # type: ignore[import-untyped]
from loracfg_api.examples import VALIDATION

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS
from loracfg.document.plain import MAX_VALUES
from tests.base.default_configs import default_config
from tests.cli.running import ROOT
from tests.service.client import Connection, ask, connection, request_of
from tests.service.serving import SERVE, serving, without_settings

NUMBERS: Final = ("0", "-1", "100000", "1000000000000000000", "null", "2.5", "[1,2]")
"""What stands in place of a number, as JSON."""
LISTS: Final = {
    f"{count:,} times 1": f"[{','.join(['1'] * count)}]" for count in (MAX_VALUES - 5000, 10**6)
}
"""What stands in place of a list: nearly as much as is read of a config, and a million entries."""
SECONDS: Final = 1.0
BYTES: Final = 100 * 2**20

_PLACE: Final = "in place of a value"
_USUAL: Final = json.dumps(VALIDATION["fits"]).encode()


class Hostile(NamedTuple):
    """A config with one odd value; both as JSON, the config with a placeholder for the value."""

    model_type: str
    keys: tuple[str, ...]
    name: str
    value: str
    config: dict[str, Any]

    def __str__(self) -> str:
        """Say in a line what it is."""
        return f"{self.model_type}: {'.'.join(self.keys)} = {self.name}"

    def request(self) -> bytes:
        """Return a request with an adapter that no class fits, so that all are tried."""
        adapter = {**VALIDATION["fits"], "base": {"config": self.config}}
        text = json.dumps(adapter, separators=(",", ":"))
        text = text.replace("self_attn.q_proj", "no_such.module")
        return request_of(text.replace(json.dumps(_PLACE), self.value).encode())


class Cost(NamedTuple):
    """What an answer took of the worker: seconds of its processors, bytes that it grew by."""

    hostile: Hostile
    status: int
    seconds: float
    grown: int

    @property
    def is_too_much(self) -> bool:
        """Whether it took more than an answer may."""
        return self.seconds > SECONDS or self.grown > BYTES

    def __str__(self) -> str:
        """Say in a line what it was."""
        return f"{self.seconds:.2f} s, {self.grown / 2**20:.0f} MB: {self.hostile}"


@dataclass
class Outcome:
    """What came of many requests.

    Attributes:
        answers: how many there were.
        refused: how many of them had more values than the service reads.
        costly: those that took too much.
        slowest: the seconds of the slowest answer.
        largest: the most bytes that an answer took.
        grown: the bytes that the worker has at the end beside what it had before the first.
        waits: the seconds that usual requests took meanwhile.
    """

    answers: int = 0
    refused: int = 0
    costly: list[Cost] = field(default_factory=list)
    slowest: float = 0.0
    largest: int = 0
    grown: int = 0
    waits: list[float] = field(default_factory=list)

    def add(self, cost: Cost) -> None:
        """Count an answer."""
        self.answers += 1
        self.refused += cost.status != 200
        self.slowest, self.largest = max(self.slowest, cost.seconds), max(self.largest, cost.grown)
        if cost.is_too_much:
            self.costly.append(cost)

    def __str__(self) -> str:
        """Say in a few lines what it was."""
        waits = sorted(self.waits) or [0.0]
        return (
            f"{self.answers} answers, {self.refused} of them refusals; "
            f"{len(self.costly)} took too much; at most {self.slowest:.2f} s and "
            f"{self.largest / 2**20:.0f} MB\nthe worker grew by {self.grown / 2**20:.0f} MB\n"
            f"{len(waits)} others took {waits[len(waits) // 2]:.3f} s in the median, "
            f"{waits[len(waits) * 99 // 100]:.2f} s in 99 of 100, {waits[-1]:.2f} s at most"
        )


def hostile_configs(model_type: str, layout: str) -> Iterator[Hostile]:
    """Yield the default config of a type with one number or list changed."""
    config = default_config(model_type, layout)
    for keys, value in _leaves(config, ()):
        if isinstance(value, bool):
            continue
        changed = _changed(config, keys)
        if isinstance(value, int):
            for number in NUMBERS:
                yield Hostile(model_type, keys, number, number, changed)
        if isinstance(value, list):
            for name, text in LISTS.items():
                yield Hostile(model_type, keys, name, text, changed)


def _leaves(value: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, (*keys, key))
    elif keys:
        yield keys, value


def _changed(config: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """Return the config with a placeholder for a key, and no further keys than leads to it."""
    made: dict[str, Any] = {k: v for k, v in config.items() if k in ("model_type", "_class_name")}
    at, original = made, config
    for key in keys[:-1]:
        original = original[key]
        told = original.get("model_type")
        at[key] = {"model_type": told} if told else {}
        at = at[key]
    at[keys[-1]] = _PLACE
    return made


@contextmanager
def service() -> Iterator[tuple[int, psutil.Process]]:
    """Run a service with one worker; give its port and the process that answers."""
    found = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = without_settings(PYTHONPATH=found, LORACFG_ACCESS_LOG="false")
    with tempfile.TemporaryDirectory() as folder:
        command = (*SERVE, "--workers", "1")
        with serving(command, env, Path(folder, "log")) as address:
            port = int(address.rpartition(":")[2])
            asyncio.run(_ask_once(port))
            children = psutil.Process().children(recursive=True)
            workers = [one for one in children if _listens(one, port)]
            yield port, max(workers, key=lambda one: one.memory_info().rss)


def _listens(process: psutil.Process, port: int) -> bool:
    try:
        return any(c.laddr.port == port for c in process.net_connections() if c.laddr)
    except psutil.Error:
        return False


async def _ask_once(port: int) -> None:
    async with connection(port) as at:
        await ask(at, request_of(_USUAL))


async def try_all(
    hostile: Iterator[Hostile], port: int, worker: psutil.Process, seconds: float = float("inf")
) -> Outcome:
    """Send configs one after the other, and usual requests beside them.

    Args:
        hostile: the configs.
        port: where the service is.
        worker: the process that answers.
        seconds: how long to go on.
    """
    outcome, end = Outcome(), time.monotonic() + seconds
    before = worker.memory_info().rss
    beside = asyncio.create_task(_usual_requests(port, outcome))
    try:
        async with connection(port) as at:
            for one in hostile:
                cost = await _cost(one, at, worker)
                outcome.add(cost)
                if cost.is_too_much:
                    print(cost, flush=True)  # noqa: T201
                if time.monotonic() > end:
                    break
    finally:
        beside.cancel()
    outcome.grown = worker.memory_info().rss - before
    return outcome


async def _usual_requests(port: int, outcome: Outcome) -> None:
    async with connection(port) as at:
        while True:
            start = time.monotonic()
            await ask(at, request_of(_USUAL))
            outcome.waits.append(time.monotonic() - start)
            await asyncio.sleep(0.2)


async def _cost(one: Hostile, at: Connection, worker: psutil.Process) -> Cost:
    request = one.request()
    clear = Path(f"/proc/{worker.pid}/clear_refs")
    clear.write_text("5")  # the peak of memory is counted from now
    before, memory = worker.cpu_times(), worker.memory_info().rss
    status = await _status(at, request)
    after, shown = worker.cpu_times(), Path(f"/proc/{worker.pid}/status").read_text()
    peak = int(shown.partition("VmHWM:")[2].split()[0]) * 1024
    used = after.user + after.system - before.user - before.system
    return Cost(one, status, used, max(0, peak - memory))


async def _status(at: Connection, request: bytes) -> int:
    """Send a request and return the status of its answer, which is 200 or a refusal by size."""
    reader, writer = at
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    body = await reader.readexactly(int(length))
    status = int(head.split()[1])
    assert status == 200 or (status == 413 and b"JSON values" in body), (head, body)
    return status


def every(types: list[str], layout: str, part: int = 1, parts: int = 1) -> Iterator[Hostile]:
    """Yield all configs of types, or one part of several."""
    found = (one for name in types for one in hostile_configs(name, layout))
    return islice(found, part - 1, None, parts)


def drawn(layout: str, count: int, seed: int) -> Iterator[Hostile]:
    """Draw types, and a few of the configs of each."""
    rng = random.Random(seed)  # noqa: S311  # draws examples, no secrets
    types = lookup.model_types(layout)
    for _ in range(count):
        found = list(hostile_configs(rng.choice(types), layout))
        lists = [one for one in found if one.name in LISTS]
        yield from rng.sample(found, min(3, len(found)))
        yield from rng.sample(lists, min(1, len(lists)))


def main() -> None:
    """Try all types and print what took too much."""
    parser = argparse.ArgumentParser(prog="python -m tests.api.hostile_configs")
    parser.add_argument("types", nargs="*")
    parser.add_argument("--layout", choices=("5", DIFFUSERS), default="5")
    parser.add_argument("--part", default="1/1", help="ask one part of several, as 2/4")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    options = parser.parse_args()
    types = options.types or lookup.model_types(options.layout)
    hostile = every(types, options.layout, *map(int, options.part.split("/")))
    with service() as (port, worker):
        outcome = asyncio.run(try_all(hostile, port, worker, options.seconds))
    print(f"{len(types)} types: {outcome}")  # noqa: T201
    sys.exit(bool(outcome.costly))


if __name__ == "__main__":
    main()
