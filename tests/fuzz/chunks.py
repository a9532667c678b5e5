"""Draws chunks of inputs, in this process or another; each has its own targets.

A process of a pool cannot import what is in `__main__` of a package.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from importlib import import_module
from random import Random
from typing import Final, NamedTuple

from tests.fuzz.target import Answer, Target
from tests.security.watch import Watched

TARGETS: Final = {
    "safetensors": "weights:Safetensors",
    "pickle": "weights:Pickle",
    "config": "configs:Config",
    "archive": "archives:Archive",
    "request": "requests:Requests",
    "facts": "facts:Facts",
    "base": "bases:Bases",
    "folder": "folders:Folders",
    "yaml": "texts:Yaml",
    "toml": "texts:Toml",
}
COMPARED: Final = ("safetensors", "pickle", "config", "archive", "request")
"""Targets that are held against something else; the others are only watched."""
CHUNK: Final = 250
"""Inputs that one process draws in a row."""


class Drawn(NamedTuple):
    """What came of a chunk: inputs of ways that were new in it, and differences."""

    inputs: int
    deep: int
    new: list[tuple[str, bytes]]
    different: list[tuple[str, bytes]]
    seconds: float


@cache
def target_of(name: str) -> Target:
    """Return a target, made once for each process."""
    module, _, found = TARGETS[name].partition(":")
    made: Target = getattr(import_module(f"tests.fuzz.{module}"), found)()
    return made


@cache
def watched(name: str) -> Callable[[bytes], Answer]:
    """Return what has inputs of a target read under the hook, once its seeds were read without."""
    target = target_of(name)
    for data in target.seeds():
        target.prepare(data)
        target.read(data)
    watch = Watched()

    def judge(data: bytes) -> Answer:
        answer, wrong = watch.run(target.read, data, target.prepare(data))
        answer = answer or Answer("")
        said = [*wrong, *([answer.difference] if answer.difference else [])]
        return answer._replace(difference="; ".join(said))

    return judge


def draw(
    name: str,
    seed: int,
    chunk: int,
    corpus: list[bytes],
    known: frozenset[str],
    is_watched: bool = False,
) -> Drawn:
    """Draw one chunk of inputs and have them judged, or only read under the hook."""
    target = target_of(name)
    judge = watched(name) if is_watched else target.judge
    rng = Random(f"{name} {seed} {chunk}")  # noqa: S311  # draws examples, no secrets
    ways = set(known)
    new, different = [], []
    deep, started = 0, time.process_time()
    for _ in range(CHUNK):
        data = target.draw(rng, corpus)
        answer = judge(data)
        deep += answer.is_deep
        if answer.difference:
            different.append((answer.difference, data))
        elif answer.way not in ways:
            ways.add(answer.way)
            new.append((answer.way, data))
    return Drawn(CHUNK, deep, new, different, time.process_time() - started)
