"""What engines were observed to do with each kind of adapter, as the test data of this project.

The observations are notes beside the project, one cell for an adapter and an engine. What tests
need of them is in `observed.tsv`: the answer that a cell gives, in the words of a verdict, and a
dash where it gives none. `python -m tests.runtimes.observed` writes the file from the notes.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Final

from tests.corpus import SHARED

DATA: Final = Path(__file__).with_name("observed.tsv")
NOTES: Final = SHARED / "facts" / "runtimes.md"
FEATURE: Final = "feature"
"""The head of the column that names the adapters."""

NOT_CLAIMED: Final = "-"
"""What a cell holds that is not applicable, or was not checked."""

OTHERWISE: Final = {"merged / R duplicate", "guessed name", "**.bin**", "not read"}
"""Cells of other files or keys than PEFT's: what is computed differs."""

HARMLESS: Final = {"unknown config key", "extra layer tensors"}
"""Rows in which a warning is about something that nothing is computed with."""


@cache
def rows() -> dict[str, dict[str, str]]:
    """Return the answers in the test data, by the adapter and the column of the engine."""
    head, *lines = (line.split("\t") for line in DATA.read_text("utf-8").splitlines())
    return {line[0]: dict(zip(head[1:], line[1:], strict=True)) for line in lines}


def observed(row: str, column: str) -> str | None:
    """Return what was observed in the words of a verdict, None if nothing was."""
    answer = rows()[row][column]
    return None if answer == NOT_CLAIMED else answer


def written(notes: str) -> str:
    """Return the test data that follow from the notes."""
    lines = [line.strip("|").split("|") for line in notes.splitlines() if line.startswith("| ")]
    table = [[cell.strip() for cell in line] for line in lines]
    (head,) = (line for line in table if line[0] == FEATURE)
    found = [line for line in table if len(line) == len(head) and line[0] not in (FEATURE, "---")]
    answers = [[name, *(_answer(name, cell) for cell in cells)] for name, *cells in found]
    return "".join("\t".join(line) + "\n" for line in [head, *answers])


def _answer(row: str, cell: str) -> str:
    if cell == NOT_CLAIMED:
        return cell
    if cell.startswith("**S!**") or cell in OTHERWISE:
        return "differs"
    if re.match(r"[Rr]\b|F8 R", cell):
        return "raises"
    return "differs" if re.match(r"W\b", cell) and row not in HARMLESS else "loads"


if __name__ == "__main__":
    if not NOTES.is_file():
        sys.exit(f"there are no notes at {NOTES}")
    DATA.write_text(written(NOTES.read_text("utf-8")), "utf-8")
