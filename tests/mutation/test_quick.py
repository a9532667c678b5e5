"""Functions that are there already get the code of another text."""

from __future__ import annotations

from pathlib import Path
from types import FunctionType
from typing import Any

from tests.mutation.quick import change

SOURCE = """
def plain(x):
    return x < 1

class Case:
    @property
    def size(self):
        return [y for y in (1, 2) if y > 1]

def factory(limit):
    def inner(x):
        return x < limit
    return inner
"""


def functions_of(path: Path, text: str) -> dict[str, Any]:
    path.write_text(text)
    found: dict[str, Any] = {}
    exec(compile(text, path, "exec"), found)  # noqa: S102  # as an import would
    return found


def test_code_of_functions_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    found = functions_of(path, SOURCE)
    made, inner = found["Case"](), found["factory"](5)
    functions: list[FunctionType] = [found["plain"], found["Case"].size.fget, inner]
    assert (found["plain"](1), made.size, inner(5)) == (False, [2], False)
    changed = SOURCE.replace("x < 1", "x <= 1").replace("y > 1", "y >= 1")
    change(functions, path, changed.replace("x < limit", "x <= limit"))
    assert (found["plain"](1), made.size, inner(5)) == (True, [1, 2], True)


def test_a_function_that_closes_over_less_stays(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    inner = functions_of(path, SOURCE)["factory"](5)
    change([inner], path, SOURCE.replace("x < limit", "True"))
    assert inner(5) is False
