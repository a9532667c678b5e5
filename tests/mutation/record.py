"""The record of which tests execute what; only what changed since the last run is run again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.mutation.tests_of import OF_ALL_RULES, PATHS, RULE_PAGES, TestsOf
from tests.mutation.workers import HOURS, ROOT, Worker, digests


def tests_of(path: Path, worker: Worker, files: Sequence[str]) -> TestsOf:
    """Return which tests execute what.

    Args:
        path: the record of an earlier run; the tests for which it is stale run again.
        worker: runs the tests.
        files: the files of tests, which all run if there is no record.
    """
    now = digests()
    old: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    again = stale_tests(old["files"], now, old["lines"]) if old else None
    names = list(files) if again is None else again
    if names:
        print(f"running {' '.join(names)}, to see which lines each test executes", flush=True)  # noqa: T201
        if names == list(PATHS):
            print("all of them take 20 minutes; `--named` only runs those of a rule", flush=True)  # noqa: T201
        output = path.with_suffix(".new")
        worker.fresh.ask(tests=names, seconds=HOURS, output=str(output.resolve()))
        new = json.loads(output.read_text("utf-8"))
        output.unlink()
        old = new if again is None else merged(old, new, again, now)
    path.write_text(json.dumps({**old, "files": now}), encoding="utf-8")
    found = TestsOf(path)
    print(f"{len(found.seconds)} tests, {sum(found.seconds.values()):.0f} s; ", end="")  # noqa: T201
    print(f"left out, as they skip or fail: {len(found.left_out)}", flush=True)  # noqa: T201
    return found


def naming_tests(rules: Iterable[str]) -> list[str]:
    """Return the files of tests that name a rule, by its code or module, and of tests for all."""
    stems = [Path(rule).stem for rule in rules]
    words = {word for stem in stems for word in (stem, stem.partition("_")[0].upper())}
    files = (name for name in digests() if name.startswith(PATHS) and name.endswith(".py"))
    tests = (name for name in files if Path(name).name.startswith("test_"))
    found = (name for name in tests if any(word in (ROOT / name).read_text() for word in words))
    return sorted({*OF_ALL_RULES, *found})


def stale_tests(
    before: dict[str, str], now: dict[str, str], lines: dict[str, dict[str, list[str]]]
) -> list[str] | None:
    """Return the files of tests that may execute other lines than before, None if all may.

    That is, those that changed, and those that execute a module that changed. What is new is used
    by what changed, if at all.
    """
    changed = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    again: set[str] = set()
    for name in changed:
        if name in lines:
            again.update(_file(test) for tests in lines[name].values() for test in tests)
        elif name.startswith("docs/rules/"):
            again.add(RULE_PAGES)
        elif name.startswith(PATHS) and name.rpartition("/")[2].startswith("test_"):
            again.add(name)
        elif name in before and not name.startswith("tests/mutation/"):
            return None
    return sorted(again & now.keys())


def merged(
    old: dict[str, Any], new: dict[str, Any], again: list[str], now: dict[str, str]
) -> dict[str, Any]:
    """Return a record with what was found for the tests of some files, and else what was known."""

    def rest(names: list[str]) -> list[str]:
        return [name for name in names if _file(name) in now and _file(name) not in again]

    lines: dict[str, dict[str, list[str]]] = {}
    at_import: dict[str, list[int]] = {}
    for file in old["lines"].keys() | new["lines"].keys():
        is_same = old["files"].get(file) == now.get(file)
        before, after = old["lines"].get(file, {}) if is_same else {}, new["lines"].get(file, {})
        lines[file] = {
            line: rest(before.get(line, [])) + after.get(line, [])
            for line in before.keys() | after.keys()
        }
        known = old["at_import"].get(file, []) if is_same else []
        at_import[file] = sorted({*known, *new["at_import"].get(file, [])})
    return {
        "seconds": {name: old["seconds"][name] for name in rest(old["seconds"])} | new["seconds"],
        "lines": lines,
        "at_import": at_import,
        "left_out": rest(old["left_out"]) + new["left_out"],
        "modules": sorted({*old["modules"], *new["modules"]}),
    }


def _file(test: str) -> str:
    return test.partition("::")[0]
