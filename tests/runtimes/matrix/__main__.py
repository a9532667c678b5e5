"""Find out again what an engine does in each cell of the matrix, or only compare.

    python -m tests.runtimes.matrix vllm --python .venv-vllm/bin/python   # settles and records
    python -m tests.runtimes.matrix vllm llama mixtral --python …         # of some architectures
    python -m tests.runtimes.matrix vllm --compare                        # with what is recorded

It prints the cells in which loracfg is wrong, and how many were run, read, and not known.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.made.make import Made
from tests.runtimes.matrix.architectures import ARCHITECTURES
from tests.runtimes.matrix.cells import RUN, Cell, is_right, record, recorded, verdict_on
from tests.runtimes.matrix.engines.job import Job
from tests.runtimes.matrix.making import make_all

_ENGINES: Final = Path(__file__).parent / "engines"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.runtimes.matrix",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("engine")
    parser.add_argument("architectures", nargs="*", help="by default all")
    parser.add_argument("--python", default=sys.executable, help="one that has the engine")
    parser.add_argument("--compare", action="store_true", help="settle nothing again")
    given = parser.parse_args()
    chosen = given.architectures or list(ARCHITECTURES)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as root:
        for architecture in chosen:
            made = {
                name: one
                for name, one in make_all(architecture, Path(root), whole=not given.compare)
                if one
            }
            cells = [c for c in recorded(given.engine) if c.architecture == architecture]
            if not given.compare:
                cells = list(_settled(given.engine, given.python, architecture, made))
                others = [c for c in recorded(given.engine) if c.architecture != architecture]
                record(given.engine, _sorted([*others, *cells]))
            for cell in cells:
                counts.update(_judged(cell, given.engine, made[cell.feature]))
    print(given.engine, *(f"{count} {what}" for what, count in sorted(counts.items())))  # noqa: T201


def _settled(engine: str, python: str, name: str, made: dict[str, Made]) -> Iterator[Cell]:
    """Yield the cells of an architecture, as the engine's own module settles them."""
    own = importlib.import_module(f"tests.runtimes.matrix.engines.{engine.replace('.', '_')}")
    jobs = [Job(name, feature, str(m.adapter), str(m.base)) for feature, m in made.items()]
    for job, outcome in own.settle(jobs, python):
        print(name, job.feature, outcome.answer, outcome.how, outcome.why, sep="\t")  # noqa: T201
        yield Cell(name, job.feature, own.VERSION, outcome.answer, outcome.how)


def _judged(cell: Cell, engine: str, made: Made) -> Iterator[str]:
    verdict = verdict_on(cell, engine, made)
    yield "run" if cell.how == RUN else "read"
    if verdict.answer == "unknown":
        yield "not known"
    if not is_right(verdict.answer, cell):
        yield "wrong"
        said = (*(fact.what or fact.message for fact in verdict.facts), *verdict.unknown)
        print(f"WRONG: {cell} is {verdict.answer} by {said}")  # noqa: T201


def _sorted(cells: list[Cell]) -> list[Cell]:
    order = list(ARCHITECTURES)
    return sorted(cells, key=lambda cell: order.index(cell.architecture))


if __name__ == "__main__":
    main()
