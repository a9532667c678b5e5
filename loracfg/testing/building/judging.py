"""Validate the examples of rule pages, for tests and for the pages themselves."""

from __future__ import annotations

from typing import Final

from loracfg.adapter.directory import read_adapter
from loracfg.engine.case import Case
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport
from loracfg.testing.building.examples import build
from loracfg.testing.building.surroundings import (
    has_values,
    live_of,
    policy_of,
    release_of,
    resolved_of,
    runtimes_of,
)

OPTIONS: Final = Options(pattern_seconds=0.3)


def judged(*lines: str) -> AdapterReport:
    """Validate the adapter of these lines against its base with all rules."""
    return case_of(*lines).report


def case_of(*lines: str) -> Case:
    """Open the adapter of these lines on its base."""
    files, base = build(lines)
    options = OPTIONS._replace(
        peft=release_of(lines),
        data=has_values(lines),
        runtimes=runtimes_of(lines),
        policy=policy_of(lines),
    )
    adapter = read_adapter(files, with_values=options.data)
    live = live_of(lines, adapter.shapes)
    return Engine(options).open_read(adapter, resolved_of(lines, base), live=live)


def codes(*lines: str) -> list[str]:
    """Return the codes of the findings in the adapter of these lines."""
    return [d.code for d in judged(*lines).diagnostics]


def error_codes(*lines: str) -> list[str]:
    """Return the codes of the errors in the adapter of these lines."""
    return [d.code for d in judged(*lines).diagnostics if d.severity == "error"]
