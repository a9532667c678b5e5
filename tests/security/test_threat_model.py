"""SECURITY.md has a guarantee in each cell, and each names a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from tests.cli.running import ROOT

PAGE: Final = ROOT / "SECURITY.md"
WHO: Final = (
    *("Author of an adapter", "Author of a base", "Repository in CI", "Client of the service"),
    *("Client of `/admission`", "Hub", "Web server", "Visitor of the static page"),
    "Project in an editor",
)
WHAT: Final = (
    *("run code", "read outside", "write outside", "make requests", "learn a token"),
    *("stop or exhaust it", "change another's answer"),
)
_LINK: Final = re.compile(r"\[([^\]]+)\]\[([\w-]+)\]")
_TEST: Final = re.compile(r'^\[([\w-]+)\]: (\S+) "(\w+)"$', re.MULTILINE)
_REASON: Final = re.compile(r"n/a: \w.*")


def faults(text: str, root: Path = ROOT) -> list[str]:
    """Return what is wrong with a page: rows, columns, cells, and the tests that they name."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    heads, cells = (rows[0], rows[2:]) if len(rows) > 2 else ([], [])
    found = [] if tuple(heads[1:]) == WHAT else [f"the columns are {heads[1:]}"]
    names = tuple(row[0].strip("*") for row in cells)
    found += [] if names == WHO else [f"the rows are {names}"]
    named = _TEST.findall(text)
    tests = {label: (file, name) for label, file, name in named}
    found += [
        f"`{label}` is there twice" for label in tests if [n[0] for n in named].count(label) > 1
    ]
    linked = {label for row in cells for cell in row for _, label in _LINK.findall(cell)}
    for row in cells:
        for what, cell in zip(WHAT, row[1:] + [""] * len(WHAT), strict=False):
            if not _REASON.fullmatch(cell) and not _is_of_links(cell):
                found.append(f"{row[0]} / {what}: `{cell}` has neither a test nor a reason")
    found += [f"`{label}` is no test" for label in sorted(linked - tests.keys())]
    found += [f"`{label}` is of no cell" for label in sorted(tests.keys() - linked)]
    return found + [
        f"`{file}` has no `{name}`"
        for file, name in tests.values()
        if name not in names_of_tests(root / file)
    ]


def _is_of_links(cell: str) -> bool:
    return bool(cell) and all(_LINK.fullmatch(part.strip()) for part in _split(cell))


def _split(cell: str) -> list[str]:
    return re.split(r", (?=\[)", cell)


def names_of_tests(file: Path) -> set[str]:
    """Return the names of the tests in a file that check something and are not always skipped."""
    if not file.is_file():
        return set()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = ast.parse(file.read_text("utf-8")).body
    return {n.name for n in nodes if isinstance(n, functions) and _is_test(n)}


def _is_test(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = [ast.unparse(decorator) for decorator in node.decorator_list]
    is_skipped = any(mark.startswith(("pytest.mark.skip(", "pytest.mark.xfail")) for mark in marks)
    does = [one for one in node.body if not isinstance(one, ast.Pass) and not _is_text(one)]
    return (
        node.name.startswith("test_")
        and bool(does)
        and "pytest.mark.skip" not in marks
        and not is_skipped
    )


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_each_cell_has_a_test_or_a_reason() -> None:
    assert faults(PAGE.read_text("utf-8")) == []


CHANGES: Final = {
    "no link": ("[all ways in][a-code]", "all ways in", "has neither a test nor a reason"),
    "no words": ("n/a: makes no requests", "n/a: ", "has neither a test nor a reason"),
    "an empty cell": ("[pickles are parsed][h-code]", "", "has neither a test nor a reason"),
    "a link and more": ("[reads are bounded][h-stop]", "[reads][h-stop] mostly", "neither a test"),
    "an unknown label": ("[all ways in][a-code]", "[all ways in][x-code]", "`x-code` is no test"),
    "a test of no cell": (
        "[pickles are parsed][h-code]",
        "n/a: no reason",
        "`h-code` is of no cell",
    ),
    "a test that is gone": ('"test_a_commit_is_no_path"', '"test_gone"', "has no `test_gone`"),
    "a label twice": ("\n[a-code]: ", '\n[a-code]: x "test_x"\n[a-code]: ', "is there twice"),
    "a file that is gone": ("tests/sources/test_hub.py", "tests/gone.py", "`tests/gone.py` has no"),
    "no row": ("| **Hub** |", "**Hub** |", "the rows are"),
    "another column": ("| learn a token |", "| learn |", "the columns are"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_missing_is_found(name: str) -> None:
    old, new, said = CHANGES[name]
    text = PAGE.read_text("utf-8")
    assert old in text
    assert any(said in fault for fault in faults(text.replace(old, new)))


@pytest.mark.parametrize(
    "code",
    [
        "@pytest.mark.skip\ndef test_a(): assert x",
        "@pytest.mark.skip(reason='x')\ndef test_a(): assert x",
        "def test_a():\n    'words'\n    pass",
        "def f():\n    def test_a(): assert x",
    ],
)
def test_what_tests_nothing_is_no_test(code: str, tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(code)
    assert names_of_tests(tmp_path / "test_x.py") == set()
