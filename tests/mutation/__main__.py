"""Breaks the modules, and says what no test notices; see the package."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from tests import mutation
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.tests_of import PATHS, TestsOf
from tests.mutation.worker import PACKAGES

ROOT: Final = Path(__file__).resolve().parents[2]
GENERATED: Final = ("loracfg/rules/table.py", "loracfg/rules/tabulate.py")
"""Plain data, and what writes it, which `docs/generate.py --check` compares."""
EQUIVALENT: Final = Path(__file__).with_name("equivalent.toml")
FOLDER: Final = Path.home() / ".cache" / "loracfg" / "mutation"
PATIENCE: Final = 5.0
"""How many times longer than they took tests may take, and some seconds to start."""
HOURS: Final = 4 * 3600.0
LEFT: Final = ("survived", "untested")
"""Results of mutants that no test notices."""


class Worker:
    """A copy of the project, and a process that runs tests in it."""

    def __init__(self, folder: Path) -> None:
        copy_to(folder / "copy")
        shim = folder / "shim"
        shim.mkdir(exist_ok=True)
        for name in ("api", "schema"):
            link(shim / f"loracfg_{name}", folder / "copy" / name)
        link(folder / "shared", ROOT.parent / "shared")
        paths = os.pathsep.join([str(folder / "copy"), str(shim), *extra_paths()])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.worker"],
            cwd=folder / "copy",
            env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **task: Any) -> dict[str, Any]:
        """Have a task done."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def copy_to(folder: Path) -> None:
    """Make a copy of the project, in place of an older one."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in project_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def project_files() -> list[str]:
    """Return the files that git knows or would add."""
    listed = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in filter(None, names.split("\0")) if (ROOT / name).is_file()]


def digest_of_project() -> str:
    """Return what changes with any module, test or page."""
    found = hashlib.sha256()
    for name in sorted(project_files()):
        if name.startswith(("loracfg/", "tests/", "docs/rules/")):
            found.update(name.encode() + (ROOT / name).read_bytes())
    return found.hexdigest()[:12]


def link(path: Path, target: Path) -> None:
    """Make a link, in place of an older one."""
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def extra_paths() -> list[str]:
    """Return the entries of PYTHONPATH that are no part of this tree."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [
        one
        for one in given
        if one and not (Path(one) / "loracfg_api").exists() and one != str(ROOT)
    ]


def chosen(options: argparse.Namespace) -> list[Mutant]:
    """Return the mutants to try: of the files that are named, or a sample of all."""
    files = sorted(p for package in PACKAGES for p in (ROOT / package).glob("*.py"))
    names = [path.relative_to(ROOT).as_posix() for path in files]
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


@contextmanager
def workers(folder: Path, count: int) -> Iterator[SimpleQueue[Worker]]:
    """Start workers, and end them."""
    found = [Worker(folder / str(number)) for number in range(count)]
    free: SimpleQueue[Worker] = SimpleQueue()
    for one in found:
        free.put(one)
    try:
        yield free
    finally:
        for one in found:
            one.stop()


def tests_of(path: Path, worker: Worker) -> TestsOf:
    """Return which tests execute what, found by a run unless the file is there."""
    if not path.exists():
        print("running all tests once, to see which lines each executes", flush=True)  # noqa: T201
        worker.ask(tests=list(PATHS), seconds=HOURS, output=str(path))
    found = TestsOf(path)
    seconds = sum(found.seconds)
    print(f"{len(found.tests)} tests, {seconds:.0f} s; left out, as they skip or fail:", end=" ")  # noqa: T201
    print(len(found.left_out), flush=True)  # noqa: T201
    return found


def try_one(mutant: Mutant, free: SimpleQueue[Worker], tests: TestsOf, seconds: float) -> str:
    """Return what came of a mutant: killed, slow (killed too), survived, or no test executes it."""
    names = tests(mutant, seconds)
    if not names:
        return "untested"
    worker = free.get()
    try:
        limit = 30 + PATIENCE * seconds
        text = {"file": mutant.file, "text": mutant.text}
        status = worker.ask(**text, tests=names, seconds=limit)["status"]
    finally:
        free.put(worker)
    return "slow" if status is None else "killed" if status else "survived"


def run(options: argparse.Namespace) -> int:
    """Try the mutants, print what survives, and return the exit status."""
    options.folder.mkdir(parents=True, exist_ok=True)
    record = options.folder / "results.jsonl"
    project = digest_of_project()
    known = {} if options.again else read(record, project)
    equivalent = {e["mutant"] for e in tomllib.loads(EQUIVALENT.read_text("utf-8"))["equivalent"]}
    wanted = [m for m in chosen(options) if f"{m.file} {m.name}" not in equivalent]
    open_ones = [m for m in wanted if key_of(m) not in known]
    print(f"{len(wanted)} mutants, {len(wanted) - len(open_ones)} of them tried before")  # noqa: T201
    if open_ones:
        with workers(options.folder, options.jobs) as free, record.open("a") as file:
            first = free.get()
            tests = tests_of(options.folder / f"tests-{project}.json", first)
            free.put(first)
            trying = partial(try_one, free=free, tests=tests, seconds=options.seconds)
            with ThreadPoolExecutor(options.jobs) as pool:
                for mutant, result in zip(open_ones, pool.map(trying, open_ones), strict=True):
                    known[key_of(mutant)] = result
                    file.write(json.dumps([key_of(mutant), result, project]) + "\n")
                    file.flush()
                    if result in LEFT:
                        print(f"{result}: {mutant.file}:{mutant.line} {mutant.name}", flush=True)  # noqa: T201
    return tell(wanted, known)


def read(record: Path, project: str) -> dict[str, str]:
    """Return the results of earlier runs; of what survived, those of the same project only."""
    lines = record.read_text("utf-8").splitlines() if record.exists() else []
    found = (json.loads(line) for line in lines)
    return {key: result for key, result, of in found if result not in LEFT or of == project}


def tell(wanted: list[Mutant], known: dict[str, str]) -> int:
    """Print the survivors by file, and how many there are."""
    left = [m for m in wanted if known[key_of(m)] in LEFT]
    print("\nsurvivors:")  # noqa: T201
    for mutant in sorted(left, key=itemgetter(0, 2, 1)):
        print(f"  {known[key_of(mutant)]} {mutant.file}:{mutant.line} {mutant.name}")  # noqa: T201
    counts = Counter(known[key_of(mutant)] for mutant in wanted)
    share = len(left) / max(len(wanted), 1)
    print(f"{len(wanted)} mutants, {dict(counts)}: {share:.1%} survive")  # noqa: T201
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
    parser.add_argument("--seconds", type=float, default=20, help="of tests for each mutant")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="for copies and results")
    parser.add_argument("--again", action="store_true", help="try again what was tried before")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
