"""No modules import one another in a circle, for types or in functions either."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.test_architecture import ROOT, SOURCES, parsed


def name_of(path: Path) -> str:
    """Return the name that a file is imported by."""
    steps = path.relative_to(ROOT).with_suffix("").parts
    steps = ("loracfg_api", *steps[1:]) if steps[0] == "api" else steps
    return ".".join(steps[:-1] if steps[-1] == "__init__" else steps)


@cache
def import_graph() -> dict[str, frozenset[str]]:
    """Return the modules that each module imports, for types and in functions too.

    Importing a module also runs its package's `__init__`. That does not count as an import here:
    otherwise no package could export what its modules define.
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


def test_there_is_no_circle_of_imports() -> None:
    TopologicalSorter(import_graph()).prepare()


def test_a_circle_would_be_found() -> None:
    graph = dict(import_graph())
    imported = min(graph["loracfg.engine.engine"])
    graph[imported] |= {"loracfg.engine.engine"}
    with pytest.raises(CycleError):
        TopologicalSorter(graph).prepare()
