"""Draws chunks of inputs, in this process or another; each has its own targets.

A process of a pool cannot import what is in `__main__` of a package.
"""

from __future__ import annotations

import time
from functools import cache
from importlib import import_module
from random import Random
from typing import Final, NamedTuple

from tests.fuzz.target import Target

TARGETS: Final = {
    "safetensors": "weights:Safetensors",
    "pickle": "weights:Pickle",
    "config": "configs:Config",
    "archive": "archives:Archive",
    "request": "requests:Requests",
}
CHUNK: Final = 250
"""Inputs that one process draws in a row."""


class Drawn(NamedTuple):
    """What came of a chunk: inputs of ways that were new in it, and differences."""

    inputs: int
    new: list[tuple[str, bytes]]
    different: list[tuple[str, bytes]]
    seconds: float


@cache
def target_of(name: str) -> Target:
    """Return a target, made once for each process."""
    module, _, found = TARGETS[name].partition(":")
    made: Target = getattr(import_module(f"tests.fuzz.{module}"), found)()
    return made


def draw(name: str, seed: int, chunk: int, corpus: list[bytes], known: frozenset[str]) -> Drawn:
    """Draw one chunk of inputs and have them judged."""
    target = target_of(name)
    rng = Random(f"{name} {seed} {chunk}")  # noqa: S311  # draws examples, no secrets
    ways = set(known)
    new, different = [], []
    started = time.process_time()
    for _ in range(CHUNK):
        data = target.draw(rng, corpus)
        answer = target.judge(data)
        if answer.difference:
            different.append((answer.difference, data))
        elif answer.way not in ways:
            ways.add(answer.way)
            new.append((answer.way, data))
    return Drawn(CHUNK, new, different, time.process_time() - started)
