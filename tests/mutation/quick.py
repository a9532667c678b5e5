"""Runs tests on a changed function, each time in a fork of a process that has collected all tests.

It is started in a copy of the project, with a file that names modules to import and the files of
the tests. Each line of its input is a task as JSON, each line of its output what came of it. A task
has tests to run, and a file with the text that its functions have in them.
"""

from __future__ import annotations

import gc
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, TextIO

import pytest

from tests.mutation import process
from tests.mutation.recording import forget
from tests.mutation.tests_of import TestsOf


def main() -> None:
    """Answer tasks until there are no more."""
    tasks, answers = process.begin()
    tests = TestsOf(Path(sys.argv[1]))
    process.settle()
    process.import_packages()
    for name in tests.modules:
        with suppress(Exception):
            import_module(name)
    files = sorted({name.partition("::")[0] for name in tests.seconds})
    options = [*process.OPTIONS, "-x", "--basetemp=../quick"]
    process.leave(int(pytest.main([*options, *files], plugins=[_Serving(tasks, answers, tests)])))


class _Serving:
    """A plugin of pytest that runs what each task asks for, in place of all tests."""

    def __init__(self, tasks: TextIO, answers: TextIO, tests: TestsOf) -> None:
        self.tasks, self.answers, self.seconds = tasks, answers, tests.seconds

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """End the process where a test takes much more processor time than it did."""
        signal.setitimer(signal.ITIMER_PROF, 2 + process.PATIENCE * self.seconds[nodeid])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Answer the tasks; return None in the process of each, so that pytest runs its tests."""
        items = {item.nodeid: item for item in session.items}
        session.testsfailed = 0
        forget(tuple(name.replace("/", ".") + "." for name in process.PACKAGES))
        gc.collect()
        functions = [one for one in gc.get_objects() if type(one) is FunctionType]
        gc.freeze()
        for task in process.read(self.tasks):
            shutil.rmtree(".hypothesis", ignore_errors=True)
            child = process.fork(task["seconds"])
            if not child:
                session.items[:] = [items[name] for name in task["tests"] if name in items]
                change(functions, Path(task["file"]), task["text"])
                return None
            process.say(self.answers, process.wait(child, task["seconds"]))
        session.items.clear()
        return True


def change(functions: list[Any], path: Path, text: str) -> None:
    """Give the functions of a module the code that they have in a text."""
    codes = replacements(
        compile(path.read_text("utf-8"), path, "exec"), compile(text, path, "exec")
    )
    for one in functions:
        if one.__code__.co_filename.endswith(str(path)) and one.__code__ in codes:
            with suppress(ValueError):  # it has other variables of the function around it
                one.__code__ = codes[one.__code__]


def replacements(old: CodeType, new: CodeType) -> dict[CodeType, CodeType]:
    """Return the new code for each old one: of the same name, and as many-th of that name."""
    before, after = ({}, {})  # type: dict[str, list[CodeType]], dict[str, list[CodeType]]
    for whole, found in ((old, before), (new, after)):
        for code in _codes(whole):
            found.setdefault(code.co_qualname, []).append(code)
    return {
        code: other
        for name, codes in before.items()
        if len(codes) == len(after.get(name, ()))
        for code, other in zip(codes, after[name], strict=True)
    }


def _codes(code: CodeType) -> Iterator[CodeType]:
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield value
            yield from _codes(value)


if __name__ == "__main__":
    main()
