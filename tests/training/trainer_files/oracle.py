"""Holds the readers against the trainers' own code, in environments of their own.

    python -m tests.training.trainer_files.oracle --install          # make five environments, 8 GB
    python -m tests.training.trainer_files.oracle --draws 300 --seed 7
    python -m tests.training.trainer_files.oracle --examples         # the packages' own examples
    python -m tests.training.trainer_files.oracle --facts            # write *_parts.json
    python -m tests.training.trainer_files.oracle --record           # write observed.jsonl

With names of trainers, only these are asked.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.training.trainer_files import tool_parts
from tests.training.trainer_files.comparing import compare, job_of, normal, read
from tests.training.trainer_files.drawing import Drawn, draw
from tests.training.trainer_files.environments import ENVIRONMENTS, ask, facts_of, install
from tests.training.trainer_files.examples import examples_of

OBSERVED: Final = Path(__file__).with_name("observed.jsonl")
_RECORDED: Final = 40
"""How many drawn files of each trainer are recorded."""
_FACTS: Final = {
    "LLaMA-Factory": ("facts_llama_factory.py", "llama_factory_parts.json"),
    "ms-swift": ("facts_ms_swift.py", "ms_swift_parts.json"),
}


def check(trainer: str, files: Sequence[Drawn]) -> tuple[Counter[str], list[str]]:
    """Ask a trainer about files; return how many have each outcome, and what differs."""
    readings = [read(one) for one in files]
    jobs = [job_of(number, *pair) for number, pair in enumerate(zip(files, readings, strict=True))]
    outcomes, differences = Counter[str](), []
    for one, reading, result in zip(files, readings, ask(trainer, jobs), strict=True):
        outcome, what = compare(reading, result)
        outcomes[outcome] += 1
        if what:
            differences.append(f"{one.name} on {one.base}: {what}\n{one.text}")
    return outcomes, differences


def drawn_files(trainer: str, count: int, seed: int) -> list[Drawn]:
    """Draw files of a trainer."""
    rng = random.Random(f"{trainer} {seed}")  # noqa: S311  # for examples
    return [draw(trainer, rng) for _ in range(count)]


def record(trainers: Sequence[str]) -> None:
    """Write what the trainers build from drawn files."""
    rows = []
    for trainer in trainers:
        files = drawn_files(trainer, _RECORDED, 0)
        readings = [read(one) for one in files]
        pairs = zip(files, readings, strict=True)
        jobs = [job_of(number, *pair) for number, pair in enumerate(pairs)]
        for one, result in zip(files, ask(trainer, jobs), strict=True):
            found: dict[str, Any] = {"release": _release(trainer), **one._asdict()}
            theirs = result.get("theirs")
            found["theirs"] = normal(theirs) if theirs and trainer != "mlx-lm" else theirs
            if "error" in result:
                found["error"] = result["error"].partition(":")[0]
            rows.append(json.dumps({"trainer": trainer, **found}))
    OBSERVED.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _release(trainer: str) -> str:
    packages = [one for call in ENVIRONMENTS[trainer].installs for one in call]
    name = {"TRL": "trl"}.get(trainer, trainer.lower().replace("-f", "f"))
    return next(one for one in packages if one.startswith(f"{name}=="))


def write_facts() -> None:
    """Write the data on the parts of composite models."""
    for trainer, (script, file) in _FACTS.items():
        path = Path(tool_parts.__file__).with_name(file)
        lines = [
            f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in facts_of(trainer, script).items()
        ]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Obey the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trainers", nargs="*", default=list(ENVIRONMENTS))
    for name in ("install", "facts", "examples", "record"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--draws", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for trainer in given.trainers if given.install else ():
        install(trainer)
    if given.facts:
        write_facts()
    if given.record:
        record(given.trainers)
    has_difference = False
    for trainer in given.trainers:
        files = drawn_files(trainer, given.draws, given.seed)
        files += examples_of(trainer) or [] if given.examples else []
        if files:
            outcomes, differences = check(trainer, files)
            print(trainer, dict(outcomes))  # noqa: T201  # this is a command
            has_difference |= bool(differences)
            print("\n\n".join(differences[:10]))  # noqa: T201
    sys.exit(has_difference)


if __name__ == "__main__":
    try:
        main()
    except (pytest.skip.Exception, pytest.fail.Exception) as ended:
        sys.exit(str(ended))
