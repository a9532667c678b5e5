"""Copies of the project, and processes that run tests in them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from tests.mutation.mutants import Mutant
from tests.mutation.process import PATIENCE
from tests.mutation.tests_of import TestsOf
from tests.mutation.type_check import Types

ROOT: Final = Path(__file__).resolve().parents[2]
HOURS: Final = 4 * 3600.0


class Worker:
    """A copy of the project, and processes that run tests in it."""

    def __init__(self, folder: Path, record: Path) -> None:
        self.folder, self.record = folder, record
        copy_to(folder / "copy")
        shim = folder / "shim"
        shim.mkdir(exist_ok=True)
        for name in ("api", "schema"):
            link(shim / f"loracfg_{name}", folder / "copy" / name)
        link(folder / "shared", ROOT.parent / "shared")

    @cached_property
    def fresh(self) -> Process:
        """What runs tests on changed modules."""
        return Process("fresh", self.folder)

    @cached_property
    def quick(self) -> Process:
        """What runs tests on changed functions."""
        return Process("quick", self.folder, str(self.record))

    @cached_property
    def types(self) -> Types:
        """What checks the types of a change that no test notices."""
        return Types(self.folder, str(self.folder / "shim"))

    def try_one(self, mutant: Mutant, tests: TestsOf, seconds: float, *, typed: bool) -> str:
        """Return what came of a mutant: killed, slow or types (killed too), survived, untested."""
        names = tests(mutant, seconds)
        if not names:
            return "untested"
        limit = 10 + PATIENCE * sum(tests.seconds[name] for name in names)
        task = {"file": mutant.file, "text": mutant.text, "tests": names, "seconds": limit}
        status = None if mutant.is_outside else self.quick.ask(**task)
        if mutant.is_outside or (not status and tests.runs_at_import(mutant)):
            status = self.fresh.ask(**task)
        if status == 0:
            is_noticed = typed and self.types.notice(mutant.file, mutant.text)
            return "types" if is_noticed else "survived"
        return "slow" if status is None else "killed"

    def stop(self) -> None:
        """End the processes."""
        for name in ("fresh", "quick", "types"):
            if name in vars(self):
                vars(self)[name].stop()


class Process:
    """A process that answers tasks."""

    def __init__(self, module: str, folder: Path, *arguments: str) -> None:
        paths = os.pathsep.join([str(folder / "copy"), str(folder / "shim"), *extra_paths()])
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"tests.mutation.{module}", *arguments],
            cwd=folder / "copy",
            env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **task: Any) -> int | None:
        """Have a task done; return its status."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        status: int | None = json.loads(self.process.stdout.readline())["status"]
        return status

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


@contextmanager
def workers(folder: Path, record: Path, count: int) -> Iterator[SimpleQueue[Worker]]:
    """Start workers, and end them."""
    found = [Worker(folder / str(number), record) for number in range(count)]
    free: SimpleQueue[Worker] = SimpleQueue()
    for one in found:
        free.put(one)
    try:
        yield free
    finally:
        for one in found:
            one.stop()


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


def digests() -> dict[str, str]:
    """Return what changes with each module, test or page, by its name."""
    return {
        name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest()[:16]
        for name in sorted(project_files())
        if name.startswith(("loracfg/", "tests/", "docs/rules/"))
    }


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
