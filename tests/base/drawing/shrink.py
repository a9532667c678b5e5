"""Shrinks a config as long as a condition holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Value = dict[str, Any]


def shrunk(config: Value, holds: Callable[[Value], bool]) -> Value:
    """Return a config without the keys, at any depth, that can be left out."""
    changed = True
    while changed:
        changed = False
        for smaller in _smaller(config):
            if holds(smaller):
                config, changed = smaller, True
                break
    return config


def _smaller(config: Value) -> Iterator[Value]:
    """Yield a config without half of its keys, without each key, and with each value shrunk."""
    names = [name for name in config if name != "model_type"]
    if len(names) > 3:
        for half in (names[::2], names[1::2], names[: len(names) // 2], names[len(names) // 2 :]):
            yield {k: v for k, v in config.items() if k not in half}
    for name in names:
        yield {k: v for k, v in config.items() if k != name}
    for name, value in config.items():
        if isinstance(value, dict):
            for inner in _smaller(value):
                yield config | {name: inner}
