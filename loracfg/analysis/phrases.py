"""Phrases for the messages of rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loracfg.adapter.header.tensor import Shape


def listed(items: Iterable[str], limit: int = 3) -> str:
    """Return items in backticks, only the first if there are many: "`a`, `b` and 5 more"."""
    found = list(items)
    if len(found) > limit + 1:
        shown = [f"`{item}`" for item in found[:limit]]
        return ", ".join(shown) + f" and {len(found) - limit} more"
    shown = [f"`{item}`" for item in found]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: "1 tensor", "2 tensors"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def with_verb(count: int, noun: str, verb: str) -> str:
    """Return a count with its noun and verb: "1 tensor is", "2 layers have"."""
    singular = {"are": "is", "have": "has", "hold": "holds"}[verb]
    return f"{plural(count, noun)} {singular if count == 1 else verb}"


def shaped(shape: Shape) -> str:
    """Return a shape in backticks: "`(4, 16)`"."""
    return "`(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")`"


def pattern_of_part(path: str) -> str:
    """Return a pattern that matches everything in a part of a model and needs no JSON escapes."""
    return f".*{path.replace('.', '[.]')}.*"


def common_end(paths: Sequence[str]) -> str:
    """Return the last step of the paths if they share it, else the first path."""
    ends = {path.rpartition(".")[2] for path in paths}
    return ends.pop() if len(ends) == 1 else paths[0]
