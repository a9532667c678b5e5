"""Runs tests in a copy of the project, each time in a process that has the libraries already.

It is started in the copy. Each line of its input is a task as JSON, each line of its output what
came of it. A task has tests to run, and a file with the text to run them with, or a file for what
they execute: then the tests are told apart by coverage.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, Final

LIBRARIES: Final = ("pytest", "hypothesis", "numpy", "safetensors", "pydantic", "torch", "peft")
OPTIONS: Final = (
    "-q",
    "--assert=plain",
    "-p",
    "no:xdist",
    "-p",
    "no:cacheprovider",
    "-o",
    "addopts=",
)
LOG: Final = "../output.log"
"""What the last tests printed, beside the copy."""
BROKEN: Final = 3
"""The exit status of pytest for a defect of its own."""
PACKAGES: Final = ["loracfg/rules", "loracfg/runtimes", "loracfg/repair"]
"""What is broken."""


def main() -> None:
    """Answer tasks until there are no more."""
    for name in LIBRARIES:
        import_module(name)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what else prints must not come between the answers
    clock = 0
    for line in sys.stdin:
        task = json.loads(line)
        clock += 2  # texts of one size and second would be taken for each other
        answers.write(json.dumps(_answer(task, clock)) + "\n")
        answers.flush()


def _answer(task: dict[str, Any], clock: int) -> dict[str, Any]:
    if "text" not in task:
        return {"status": _run(task["tests"], task["seconds"], Path(task["output"]))}
    path = Path(task["file"])
    whole = path.read_bytes()
    now = time.time()
    try:
        path.write_text(task["text"], encoding="utf-8")
        os.utime(path, (now, int(now) + clock))
        return {"status": _run(task["tests"], task["seconds"]), "took": time.time() - now}
    finally:
        path.write_bytes(whole)


def _run(tests: list[str], seconds: float, output: Path | None = None) -> int | None:
    """Run tests in a process of their own; return the exit status, None if they took too long."""
    shutil.rmtree(".hypothesis", ignore_errors=True)
    child = os.fork()
    if not child:
        os.setsid()
        _write_to(LOG)
        status = BROKEN
        try:
            status = _tests(tests, output)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    latest = time.monotonic() + seconds
    while time.monotonic() < latest:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _write_to(log: str) -> None:
    """Have all output written to a file, that of the last tests only."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)


def _tests(tests: list[str], output: Path | None) -> int:
    import pytest
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "mutation",
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutation")
    if output is None:
        files = dict.fromkeys(name.partition("::")[0] for name in tests)
        return int(pytest.main([*OPTIONS, "-x", *files], plugins=[_Choosing(tests)]))
    recording = _Recording()
    status = int(pytest.main([*OPTIONS, *tests], plugins=[recording]))
    recording.save(output)
    return status


class _Choosing:
    """A plugin of pytest that runs some tests, in their order; as arguments they are slow."""

    def __init__(self, tests: list[str]) -> None:
        self.order = {name: number for number, name in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if item.nodeid in self.order]
        items.sort(key=lambda item: self.order[item.nodeid])


class _Recording:
    """A plugin of pytest that notes which test executes which lines, and how long it takes."""

    def __init__(self) -> None:
        from coverage import Coverage

        self.coverage = Coverage(data_file=None, include=[f"{name}/*" for name in PACKAGES])
        self.coverage.start()
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.coverage.switch_context(nodeid)
        self.seconds[nodeid] = -time.process_time()

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid] += time.process_time()
        self.coverage.switch_context("")

    def save(self, output: Path) -> None:
        """Write which tests execute each line, by file, and the seconds of each test."""
        self.coverage.stop()
        data = self.coverage.get_data()
        names = [name for name in self.seconds if name not in self.failed]
        number = {name: i for i, name in enumerate(names)}
        lines = {
            Path(file).relative_to(Path.cwd()).as_posix(): {
                str(line): sorted(number[name] for name in found if name in number)
                for line, found in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        seconds = [round(self.seconds[name], 4) for name in names]
        record = {
            "tests": names,
            "seconds": seconds,
            "lines": lines,
            "left_out": sorted(self.failed),
        }
        output.write_text(json.dumps(record), encoding="utf-8")


if __name__ == "__main__":
    main()
