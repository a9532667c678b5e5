"""Configs that ask for too much, sent to a service with one worker.

`python -m tests.api.hostile_configs --layout 5 [TYPE…]` sets every number and every list of every
model type's config to values that no model has, asks `POST /validate` of a running service for
each, and tells which answers took too long or too much memory, and whether others were answered
meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil  # type: ignore[import-untyped]
from loracfg_api.examples import VALIDATION

from loracfg.base.catalogue import lookup
from loracfg.base.catalogue.index import DIFFUSERS
from tests.base.default_configs import default_config
from tests.cli.running import ROOT
from tests.service.client import ask, connection, request_of
from tests.service.serving import SERVE, serving, without_settings

NUMBERS: Final[tuple[Any, ...]] = (0, -1, 10**5, 10**18, None, 2.5, [1, 2])
LENGTH: Final = 10**6
SECONDS: Final = 1.0
BYTES: Final = 100 * 2**20
"""Most memory of an answer, beside what reading the JSON of the request takes."""
_READING: Final = 32
"""Bytes that pydantic takes for a byte of JSON while it reads a list of small numbers."""

_USUAL: Final = json.dumps(VALIDATION["fits"]).encode()


class Hostile(NamedTuple):
    """A config with one odd value."""

    model_type: str
    keys: tuple[str, ...]
    value: Any
    config: dict[str, Any]

    @property
    def shown(self) -> str:
        """What the config is, in a line."""
        value = json.dumps(self.value)
        short = value if len(value) < 40 else f"{value[:20]}… ({LENGTH} entries)"
        return f"{self.model_type}: {'.'.join(self.keys)} = {short}"


@dataclass
class Cost:
    """What an answer took of the worker: seconds of its processors, bytes that it grew by."""

    hostile: Hostile
    seconds: float
    grown: int

    @property
    def is_too_much(self) -> bool:
        """Whether it took more than an answer may."""
        return self.seconds > SECONDS or self.grown > BYTES


@dataclass
class Outcome:
    """What came of many requests.

    Attributes:
        answers: how many there were.
        costly: those that took too much.
        slowest: the seconds of the slowest answer.
        largest: the most bytes that an answer took.
        waits: the seconds that usual requests took meanwhile.
    """

    answers: int = 0
    costly: list[Cost] = field(default_factory=list)
    slowest: float = 0.0
    largest: int = 0
    waits: list[float] = field(default_factory=list)

    def add(self, cost: Cost) -> None:
        """Count an answer."""
        self.answers += 1
        self.slowest, self.largest = max(self.slowest, cost.seconds), max(self.largest, cost.grown)
        if cost.is_too_much:
            self.costly.append(cost)


def hostile_configs(model_type: str, layout: str) -> Iterator[Hostile]:
    """Yield the default config of a type with one number or list changed."""
    config = default_config(model_type, layout)
    for keys, value in _leaves(config, ()):
        if isinstance(value, bool):
            continue
        if isinstance(value, int):
            for number in NUMBERS:
                yield Hostile(model_type, keys, number, _changed(config, keys, number))
        if isinstance(value, list):
            long = [1] * LENGTH
            yield Hostile(model_type, keys, long, _changed(config, keys, long))


def _leaves(value: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, (*keys, key))
    elif keys:
        yield keys, value


def _changed(config: dict[str, Any], keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return the config with other value for a key, and no further keys than leads to it."""
    made: dict[str, Any] = {k: v for k, v in config.items() if k in ("model_type", "_class_name")}
    at, original = made, config
    for key in keys[:-1]:
        original = original[key]
        told = original.get("model_type")
        at[key] = {"model_type": told} if told else {}
        at = at[key]
    at[keys[-1]] = copy.copy(value)
    return made


def request_for(config: dict[str, Any]) -> bytes:
    """Return a request with an adapter that no class of the base fits, so that all are tried."""
    adapter = {**VALIDATION["fits"], "base": {"config": config}}
    text = json.dumps(adapter, separators=(",", ":")).replace("self_attn.q_proj", "no_such.module")
    return request_of(text.encode())


@contextmanager
def service() -> Iterator[tuple[int, psutil.Process]]:
    """Run a service with one worker; give its port and the process that answers."""
    env = without_settings(PYTHONPATH=str(ROOT), LORACFG_ACCESS_LOG="false")
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
    beside = asyncio.create_task(_usual_requests(port, outcome))
    try:
        async with connection(port) as at:
            for one in hostile:
                outcome.add(await _cost(one, at, worker))
                if time.monotonic() > end:
                    break
    finally:
        beside.cancel()
    return outcome


async def _usual_requests(port: int, outcome: Outcome) -> None:
    async with connection(port) as at:
        while True:
            start = time.monotonic()
            await ask(at, request_of(_USUAL))
            outcome.waits.append(time.monotonic() - start)
            await asyncio.sleep(0.2)


async def _cost(one: Hostile, at: Any, worker: psutil.Process) -> Cost:
    request = request_for(one.config)
    clear = Path(f"/proc/{worker.pid}/clear_refs")
    clear.write_text("5")  # the peak of memory is counted from now
    before, memory = worker.cpu_times(), worker.memory_info().rss
    await ask(at, request)
    after, status = worker.cpu_times(), Path(f"/proc/{worker.pid}/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) * 1024
    used = after.user + after.system - before.user - before.system
    return Cost(one, used, max(0, peak - memory - _READING * len(request)))


def drawn(layout: str, count: int, seed: int) -> Iterator[Hostile]:
    """Draw types, and a few of the configs of each."""
    rng = random.Random(seed)  # noqa: S311  # draws examples, no secrets
    types = lookup.model_types(layout)
    for _ in range(count):
        found = list(hostile_configs(rng.choice(types), layout))
        yield from rng.sample(found, min(3, len(found)))


def main() -> None:
    """Try all types and print what took too much."""
    parser = argparse.ArgumentParser(prog="python -m tests.api.hostile_configs")
    parser.add_argument("types", nargs="*")
    parser.add_argument("--layout", choices=("5", DIFFUSERS), default="5")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    options = parser.parse_args()
    types = options.types or lookup.model_types(options.layout)
    every = (one for name in types for one in hostile_configs(name, options.layout))
    with service() as (port, worker):
        outcome = asyncio.run(try_all(every, port, worker, options.seconds))
    for cost in outcome.costly:
        print(f"{cost.seconds:.2f} s, {cost.grown / 2**20:.0f} MB: {cost.hostile.shown}")  # noqa: T201
    waits = sorted(outcome.waits) or [0.0]
    print(  # noqa: T201
        f"{outcome.answers} answers, {len(outcome.costly)} took too much; at most "
        f"{outcome.slowest:.2f} s and {outcome.largest / 2**20:.0f} MB; {len(waits)} others took "
        f"{waits[len(waits) // 2]:.3f} s in the median, {waits[-1]:.2f} s at most"
    )
    sys.exit(bool(outcome.costly))


if __name__ == "__main__":
    main()
