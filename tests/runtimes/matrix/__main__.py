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

from tests.made.make import Made
from tests.runtimes.matrix.architectures import ARCHITECTURES
from tests.runtimes.matrix.cells import RUN, Cell, is_right, record, recorded, verdict_on
from tests.runtimes.matrix.engines.job import Job
from tests.runtimes.matrix.features import FEATURES
from tests.runtimes.matrix.making import make_all
from tests.runtimes.older import as_needed

Key = tuple[str, str]
"""An architecture, and a feature of an adapter."""


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
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as root:
        made = {
            (architecture, feature): one
            for architecture in given.architectures or ARCHITECTURES
            for feature, one in make_all(architecture, Path(root), whole=not given.compare)
            if one
        }
        if not given.compare:
            cells = list(_settled(given.engine, given.python, made))
            others = [c for c in recorded(given.engine) if _key(c) not in made]
            record(given.engine, _sorted([*others, *cells]))
        for cell in recorded(given.engine):
            if _key(cell) in made:
                counts.update(_judged(cell, given.engine, made[_key(cell)]))
    print(given.engine, *(f"{count} {what}" for what, count in sorted(counts.items())))  # noqa: T201


def _settled(engine: str, python: str, made: dict[Key, Made]) -> Iterator[Cell]:
    """Yield the cells of adapters, as the engine's own module settles them."""
    own = importlib.import_module(f"tests.runtimes.matrix.engines.{engine.replace('.', '_')}")
    jobs = [
        Job(*key, str(as_needed(one.adapter, engine)), str(one.base)) for key, one in made.items()
    ]
    for job, outcome in own.settle(jobs, python):
        print(*job[:2], outcome.answer, outcome.how, outcome.why, sep="\t", flush=True)  # noqa: T201
        yield Cell(job.architecture, job.feature, own.VERSION, outcome.answer, outcome.how)


def _key(cell: Cell) -> Key:
    return cell.architecture, cell.feature


def _judged(cell: Cell, engine: str, made: Made) -> Iterator[str]:
    if cell.is_open:
        yield "open"
        return
    verdict = verdict_on(cell, engine, made)
    yield "run" if cell.how == RUN else "read"
    if verdict.answer == "unknown":
        yield "not known"
    if not is_right(verdict.answer, cell):
        yield "wrong"
        said = (*(fact.what or fact.message for fact in verdict.facts), *verdict.unknown)
        print(f"WRONG: {cell} is {verdict.answer} by {said}")  # noqa: T201


def _sorted(cells: list[Cell]) -> list[Cell]:
    architectures, features = list(ARCHITECTURES), list(FEATURES)
    return sorted(cells, key=lambda c: (architectures.index(c[0]), features.index(c[1])))


if __name__ == "__main__":
    main()
