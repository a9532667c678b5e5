"""Breaks the modules, and says what no test notices; see the package."""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import itemgetter
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from tests import mutation
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.process import PACKAGES
from tests.mutation.record import naming_tests, tests_of
from tests.mutation.tests_of import PATHS, TestsOf
from tests.mutation.workers import ROOT, Worker, digests, workers

GENERATED: Final = ("loracfg/rules/table.py",)
"""Plain data, which `docs/generate.py --check` compares."""
EQUIVALENT: Final = Path(__file__).with_name("equivalent.toml")
FOLDER: Final = Path.home() / ".cache" / "loracfg" / "mutation"
SURVIVORS: Final = Path(__file__).with_name("survivors.txt")
LEFT: Final = ("survived", "untested")
"""Results of mutants that no test notices."""


def chosen(options: argparse.Namespace) -> list[Mutant]:
    """Return the mutants to try: of the files that are named, or a sample of all."""
    files = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
    names = [p.relative_to(ROOT).as_posix() for p in files if "building" not in p.parts]
    wanted = options.paths or [""]
    found = [
        mutant
        for name in names
        if name not in GENERATED and any(name.startswith(one) for one in wanted)
        for mutant in mutants(name, (ROOT / name).read_text("utf-8"))
    ]
    if not options.sample:
        return found
    rng = random.Random(options.seed)  # noqa: S311  # draws a sample, no secrets
    return rng.sample(found, min(options.sample, len(found)))


def key_of(mutant: Mutant) -> str:
    """Return what tells a change of this text of a module from others."""
    return hashlib.sha256(f"{mutant.file}\0{mutant.text}".encode()).hexdigest()[:20]


def try_one(
    mutant: Mutant, free: SimpleQueue[Worker], tests: TestsOf, options: argparse.Namespace
) -> str:
    """Return what came of a mutant in the worker that is free next."""
    worker = free.get()
    try:
        return worker.try_one(mutant, tests, options.seconds, typed=options.types)
    finally:
        free.put(worker)


def run(options: argparse.Namespace) -> int:
    """Try the mutants, print what survives, and return the exit status."""
    files: Sequence[str] = PATHS
    if options.named:  # with fewer tests more survives, which must not count in other runs
        files = naming_tests(options.paths)
        options.folder /= "-".join(["named", *(Path(one).stem for one in options.paths)])
    options.folder.mkdir(parents=True, exist_ok=True)
    record = options.folder / "results.jsonl"
    project = hashlib.sha256(json.dumps(digests()).encode()).hexdigest()[:12]
    known = {} if options.again else read(record, project)
    equivalent = {e["mutant"] for e in tomllib.loads(EQUIVALENT.read_text("utf-8"))["equivalent"]}
    wanted = [m for m in chosen(options) if f"{m.file} {m.name}" not in equivalent]
    open_ones = [m for m in wanted if key_of(m) not in known]
    print(f"{len(wanted)} mutants, {len(wanted) - len(open_ones)} of them tried before")  # noqa: T201
    if open_ones:
        found = options.folder / "tests.json"
        with workers(options.folder, found, options.jobs) as free, record.open("a") as file:
            first = free.get()
            tests = tests_of(found, first, files)
            free.put(first)
            trying = partial(try_one, free=free, tests=tests, options=options)
            with ThreadPoolExecutor(options.jobs) as pool:
                for mutant, result in zip(open_ones, pool.map(trying, open_ones), strict=True):
                    known[key_of(mutant)] = result
                    file.write(json.dumps([key_of(mutant), result, project]) + "\n")
                    file.flush()
                    if result in LEFT:
                        print(f"{result}: {mutant.file}:{mutant.line} {mutant.name}", flush=True)  # noqa: T201
    return tell(wanted, known, written=options.write)


def read(record: Path, project: str) -> dict[str, str]:
    """Return the results of earlier runs; of what survived, those of the same project only."""
    lines = record.read_text("utf-8").splitlines() if record.exists() else []
    found = (json.loads(line) for line in lines)
    return {key: result for key, result, of in found if result not in LEFT or of == project}


def tell(wanted: list[Mutant], known: dict[str, str], *, written: bool) -> int:
    """Print the survivors by file, and how many there are; write them down too if asked to."""
    left = [m for m in wanted if known[key_of(m)] in LEFT]
    listed = [f"{m.file}:{m.line} {m.name}" for m in sorted(left, key=itemgetter(0, 2, 1))]
    counts = Counter(known[key_of(mutant)] for mutant in wanted)
    share = len(left) / max(len(wanted), 1)
    total = f"{len(wanted)} mutants, {dict(counts)}: {share:.1%} survive"
    print("\nsurvivors:", *listed, total, sep="\n")  # noqa: T201
    if written:
        given = " ".join(sys.argv[1:])
        SURVIVORS.write_text(
            "\n".join([f"# python -m tests.mutation {given}", f"# {total}", *listed, ""])
        )
    return 1 if left else 0


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation",
        description=mutation.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", help="files or folders, as loracfg/rules; all if none")
    parser.add_argument("--sample", type=int, help="try so many, drawn from all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=4, help="of tests for each mutant")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="for copies and results")
    parser.add_argument("--again", action="store_true", help="try again what was tried before")
    parser.add_argument(
        "--named",
        action="store_true",
        help="only run the tests that name the rules of these files, and those of all pages: a "
        "minute instead of twenty, but a test that is not run may notice a survivor",
    )
    types = argparse.BooleanOptionalAction
    parser.add_argument("--types", action=types, default=True, help="whether mypy is asked too")
    parser.add_argument("--write", action="store_true", help=f"list them in {SURVIVORS.name} too")
    options = parser.parse_args()
    if options.named and not options.paths:
        parser.error("--named needs the files of rules")
    return run(options)


if __name__ == "__main__":
    sys.exit(main())
