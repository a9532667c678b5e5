"""The newest release of PEFT is written once; everything else follows from the list."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from loracfg.config.history.releases import PEFT_RELEASE

ROOT: Final = Path(__file__).resolve().parents[2]
LIST: Final = "loracfg/config/history/releases.py"

MADE: Final = "loracfg/config/history/field_table.py"
"""Is made of declarations, and may have dates of theirs."""

NEWEST: Final = re.compile(rf"(?<!_){re.escape(PEFT_RELEASE)}")

DATING: Final = frozenset(
    {"Before", "Constraint", "Init", "Literals", "Since", "Until", "at_least", "between"}
)
"""What is told a release since which something holds: that stays as it is in later ones."""


OBSERVED: Final = (
    *("tests/oracles/", "tests/releases/", "tests/runtimes/"),
    "tests/training/trainer_files/",
)
"""What was observed of a release stays true."""


def code() -> list[Path]:
    folders = ("loracfg", "api", "tests")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    names = {path.relative_to(ROOT).as_posix(): path for path in paths}
    own = [path for name, path in names.items() if not name.startswith((MADE, *OBSERVED))]
    return [*own, *(ROOT / "docs").glob("*.py")]


def spelt(tree: ast.AST) -> Iterator[int]:
    """Yield the lines of texts that name the newest release, but for docstrings and dates.

    Names of files such as `peft_load_0.21.2.json` do not count.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Constant) and NEWEST.search(str(node.value)):
            yield node.lineno
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in DATING:
            continue
        yield from spelt(node)


@pytest.mark.slow
def test_the_newest_release_is_spelt_once() -> None:
    places = [
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for path in code()
        for line in spelt(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert [place.partition(":")[0] for place in places] == [LIST], f"use `PEFT_RELEASE`: {places}"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("NEWEST = '{}'", [1]),
        ("say(f'PEFT {} loads it')", [1]),
        ("read('peft_load_{}.json')", []),
        ('x = 1\n"""As {} does."""', []),
        ('def f():\n    """As {} does."""\n    return \'>={}\'', [3]),
        ("at_least(release, '{}')", []),
        ("field: Annotated[bool, history.Since('{}')] = False", []),
    ],
)
def test_spellings_are_found(text: str, lines: list[int]) -> None:
    assert list(spelt(ast.parse(text.replace("{}", PEFT_RELEASE)))) == lines
