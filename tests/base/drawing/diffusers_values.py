"""The values that constructors of diffusers compare with, read from its source, by name."""

from __future__ import annotations

import ast
import functools
import importlib.util
from collections.abc import Iterator
from pathlib import Path


@functools.cache
def told_apart() -> dict[str, frozenset[str | int]]:
    """Return the texts and numbers that `diffusers.models` compares with, by name."""
    found: dict[str, set[str | int]] = {}
    spec = importlib.util.find_spec("diffusers")
    assert spec is not None
    assert spec.origin is not None
    for path in sorted((Path(spec.origin).parent / "models").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare):
                for name, value in _compared(node):
                    found.setdefault(name, set()).add(value)
    return {name: frozenset(values) for name, values in found.items()}


def _compared(node: ast.Compare) -> Iterator[tuple[str, str | int]]:
    sides = [node.left, *node.comparators]
    names = [n for n in map(_last_name, sides) if n]
    for side in sides:
        parts = side.elts if isinstance(side, (ast.Tuple, ast.List, ast.Set)) else [side]
        for part in parts:
            if isinstance(part, ast.Constant) and type(part.value) in (str, int):
                yield from ((name, part.value) for name in names)  # type: ignore[misc]


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None
