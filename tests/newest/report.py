"""A report in Markdown on what is new: the text of an issue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.newest.known import Known, is_newer


class Comparison(NamedTuple):
    """A run of tests with the newest libraries: whether all passed, and the end of its output."""

    passed: bool
    output: str


def report(known: Sequence[Known], newest: dict[str, str], tests: Comparison | None) -> str:
    """Return the report; nothing, if nothing is new and the tests pass.

    Args:
        known: the releases that loracfg knows.
        newest: the newest release of each package on the index, without those it did not find.
        tests: the run of tests, if there was one.
    """
    new = [
        one for one in known if one.package in newest and is_newer(newest[one.package], one.version)
    ]
    missing = sorted({one.package for one in known} - newest.keys())
    parts = [_table(new, newest)] if new else []
    if missing:
        parts.append(f"Not found on the index: {', '.join(f'`{one}`' for one in missing)}.\n")
    if tests and not tests.passed:
        parts.append(
            f"Tests that compare with the newest libraries fail:\n\n```text\n{tests.output}\n```\n"
        )
    return "\n".join(parts)


def _table(new: Sequence[Known], newest: dict[str, str]) -> str:
    rows = [
        f"| `{one.package}` | {one.version} | {newest[one.package]} | {one.guide} |" for one in new
    ]
    head = "| Package | Known | Newest | In CONTRIBUTING.md |\n| --- | --- | --- | --- |"
    return "\n".join((head, *rows, ""))
