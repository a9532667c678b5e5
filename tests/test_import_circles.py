"""No modules import one another in a circle, for types or in functions either."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from tests.test_architecture import ROOT, SOURCES, parsed

CIRCLES: Final[dict[tuple[str, str], str]] = {}
"""Imports that may close a circle, as importer and imported, each with its reason."""


def name_of(path: Path) -> str:
    """Return the name that a file is imported by."""
    steps = path.relative_to(ROOT).with_suffix("").parts
    steps = ("loracfg_api", *steps[1:]) if steps[0] == "api" else steps
    return ".".join(steps[:-1] if steps[-1] == "__init__" else steps)


@cache
def import_graph() -> dict[str, frozenset[str]]:
    """Return which modules each module names, for types and in functions too.

    That a package is run before a module in it is no import of the package: then none could have a
    public face that names what is in it.
    """
    paths = {name_of(path): path for path in SOURCES}

    def named(node: ast.AST) -> list[str]:
        if isinstance(node, ast.Import):
            return [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            return [name if name in paths else node.module or "" for name in inside]
        return []

    return {
        name: frozenset(one for node in ast.walk(parsed(path)) for one in named(node))
        & paths.keys() - {name}
        for name, path in paths.items()
    }


def circles(graph: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Return the modules that reach one another, a list for each circle (Kosaraju's algorithm)."""
    order: dict[str, None] = {}
    seen: set[str] = set()

    def visit(name: str, edges: Mapping[str, Collection[str]]) -> Iterator[str]:
        """Yield what is reached for the first time, each after what is reached from it."""
        stack = [(name, iter(edges[name]))]
        seen.add(name)
        while stack:
            _, others = stack[-1]
            following = next((one for one in others if one not in seen), None)
            if following is None:
                yield stack.pop()[0]
            else:
                seen.add(following)
                stack.append((following, iter(edges[following])))

    for name in graph:
        if name not in seen:
            order.update(dict.fromkeys(visit(name, graph)))
    backwards: dict[str, list[str]] = {name: [] for name in graph}
    for name, others in graph.items():
        for other in others:
            backwards[other].append(name)
    seen.clear()
    found = [sorted(visit(name, backwards)) for name in reversed(order) if name not in seen]
    return [names for names in found if len(names) > 1]


def test_there_is_no_circle_of_imports() -> None:
    graph = {
        name: [one for one in others if (name, one) not in CIRCLES]
        for name, others in import_graph().items()
    }
    assert circles(graph) == []


def test_every_circle_that_is_allowed_is_there() -> None:
    graph = {name: set(others) for name, others in import_graph().items()}
    for importer, imported in CIRCLES:
        assert imported in graph[importer]
        assert any({importer, imported} <= {*names} for names in circles(graph))


def test_circles_are_found() -> None:
    assert circles({"a": "b", "b": "c", "c": "ad", "d": "e", "e": "", "f": "e"}) == [
        ["a", "b", "c"]
    ]
    assert circles({"a": "b", "b": "a", "c": "ad", "d": "c"}) == [["c", "d"], ["a", "b"]]
    assert circles({"a": "bc", "b": "c", "c": ""}) == []
