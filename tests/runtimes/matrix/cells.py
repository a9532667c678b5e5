"""The cells of the matrix, as they are recorded: a file for each engine, a line for each cell."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from loracfg.engine.fronts import compat
from loracfg.engine.options import Options
from loracfg.runtimes.verdict import Verdict
from tests.made.make import Made
from tests.runtimes.matrix.engines.job import UNSETTLED
from tests.runtimes.older import as_needed

FOLDER: Final = Path(__file__).with_name("cells")
RUN: Final = "run"
"""How a cell was settled by the functions of the engine, and not by reading its source."""

Answer = Literal["loads", "differs", "raises"]


class Cell(NamedTuple):
    """What a release of an engine does with an adapter, in the words of a verdict.

    `how` is `run`, or the line of the engine's source that decides, as `FILE:LINE`. One that is
    `unsettled` is open: the engine does not start on such a base without a GPU.
    """

    architecture: str
    feature: str
    version: str
    answer: str
    how: str

    @property
    def is_open(self) -> bool:
        """Whether nobody knows what the engine does."""
        return self.answer == UNSETTLED


def recorded(engine: str) -> list[Cell]:
    """Return the cells of an engine."""
    path = FOLDER / f"{engine}.tsv"
    head, *lines = path.read_text("utf-8").splitlines() if path.is_file() else [""]
    assert not lines or head.split("\t") == list(Cell._fields)
    return [Cell(*line.split("\t")) for line in lines]


def record(engine: str, cells: Iterable[Cell]) -> None:
    """Write the cells of an engine."""
    lines = ["\t".join(line) + "\n" for line in [Cell._fields, *cells]]
    (FOLDER / f"{engine}.tsv").write_text("".join(lines), "utf-8")


def engines() -> list[str]:
    """Return the engines of which there are cells."""
    return sorted(path.stem for path in FOLDER.glob("*.tsv"))


def verdict_on(cell: Cell, engine: str, made: Made) -> Verdict:
    """Return what loracfg says of a cell."""
    adapter = as_needed(made.adapter, engine)
    (verdict,) = compat(adapter, [f"{engine}=={cell.version}"], Options(str(made.base)))
    return verdict


def is_right(answer: str, cell: Cell) -> bool:
    """Tell whether an answer is that of a cell; one that is not known is not wrong."""
    return answer in (cell.answer, "unknown")
