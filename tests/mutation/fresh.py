"""Runs tests on a changed file, each time in a process that has imported only libraries.

It is started in a copy of the project. Each line of its input is a task as JSON, each line of its
output what came of it. A task has tests to run, and a file with the text to run them with, or a
file for what they execute.
"""

from __future__ import annotations

import os
import shutil
import time
import traceback
from pathlib import Path
from typing import Any, Final

from tests.mutation import process
from tests.mutation.recording import Recording

BROKEN: Final = 3
"""The exit status of pytest for a defect of its own."""


def main() -> None:
    """Answer tasks until there are no more."""
    tasks, answers = process.begin()
    for number, task in enumerate(process.read(tasks), 1):
        status = _changed(task, number) if "text" in task else _run(task)
        process.say(answers, status)


def _changed(task: dict[str, Any], number: int) -> int | None:
    """Run tests with the text of a file; texts of one size and second would be taken for equal."""
    path = Path(task["file"])
    whole = path.read_bytes()
    now = time.time()
    try:
        path.write_text(task["text"], encoding="utf-8")
        os.utime(path, (now, int(now) + 2 * number))
        return _run(task)
    finally:
        path.write_bytes(whole)


def _run(task: dict[str, Any]) -> int | None:
    """Run tests in a process of their own; return the exit status, None if they took too long."""
    shutil.rmtree(".hypothesis", ignore_errors=True)
    child = process.fork(task["seconds"])
    if not child:
        status = BROKEN
        try:
            status = _tests(task)
        except BaseException:
            traceback.print_exc()
        finally:
            process.leave(status)
    return process.wait(child, task["seconds"])


def _tests(task: dict[str, Any]) -> int:
    import pytest

    process.settle()
    tests: list[str] = task["tests"]
    options = [*process.OPTIONS, "--basetemp=../fresh"]
    if "output" not in task:
        files = dict.fromkeys(name.partition("::")[0] for name in tests)
        return int(pytest.main([*options, "-x", *files], plugins=[_Choosing(tests)]))
    recording = Recording(process.PACKAGES)
    process.import_packages()
    status = int(pytest.main([*options, *tests], plugins=[recording]))
    recording.save(Path(task["output"]))
    return status


class _Choosing:
    """A plugin of pytest that runs some tests, in their order; as arguments they are slow."""

    def __init__(self, tests: list[str]) -> None:
        self.order = {name: number for number, name in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if item.nodeid in self.order]
        items.sort(key=lambda item: self.order[item.nodeid])


if __name__ == "__main__":
    main()
