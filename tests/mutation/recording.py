"""Notices which test executes which lines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any, Final

NEVER_FORGOTTEN: Final = "loracfg.rules.registry"
"""Its rules are compared by identity."""


class Recording:
    """A plugin of pytest that notes which test executes which lines, and how long it takes.

    What is executed between tests is executed when modules are imported or tests are collected.
    """

    def __init__(self, packages: Sequence[str]) -> None:
        from coverage import Coverage

        self.packages = tuple(name.replace("/", ".") + "." for name in packages)
        self.coverage = Coverage(data_file=None, include=[f"{name}/*" for name in packages])
        self.coverage.start()
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        forget(self.packages)
        self.coverage.switch_context(nodeid)
        self.seconds[nodeid] = -time.process_time()

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid] += time.process_time()
        self.coverage.switch_context("")

    def save(self, output: Path) -> None:
        """Write the lines by file, with the tests that execute each, and the seconds of each test.

        `at_import` are lines that are executed outside of tests.
        """
        self.coverage.stop()
        data = self.coverage.get_data()
        passed = {name: round(s, 4) for name, s in self.seconds.items() if name not in self.failed}
        lines: dict[str, dict[str, list[str]]] = {}
        at_import: dict[str, list[int]] = {}
        for path in data.measured_files():
            file = Path(path).relative_to(Path.cwd()).as_posix()
            found = data.contexts_by_lineno(path)
            lines[file] = {str(x): sorted(passed.keys() & names) for x, names in found.items()}
            at_import[file] = sorted(x for x, names in found.items() if "" in names)
        record = {
            "seconds": passed,
            "lines": lines,
            "at_import": at_import,
            "left_out": sorted(self.failed),
            "modules": sorted(name for name in sys.modules if not name.startswith("tests.")),
        }
        output.write_text(json.dumps(record), encoding="utf-8")


def forget(packages: tuple[str, ...]) -> None:
    """Forget what modules keep, so that each test executes all that its result depends on."""
    for name, module in list(sys.modules.items()):
        if name.startswith(packages):
            for value in list(vars(module).values()):
                if isinstance(value, _lru_cache_wrapper):
                    if value.__module__ != NEVER_FORGOTTEN:
                        value.cache_clear()
                elif type(value).__name__ == "Cache":
                    for held in (value._results, value._met):
                        held.clear()
