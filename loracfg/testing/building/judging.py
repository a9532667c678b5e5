"""Validate the examples of rule pages, for tests and for the pages themselves."""

from __future__ import annotations

from typing import Final

from loracfg.adapter.directory import Adapter, planned_adapter, read_adapter
from loracfg.base.architecture import Architecture
from loracfg.config import CONFIG_NAME
from loracfg.document.json_document import read_document
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
    trainer_file_of,
)
from loracfg.testing.memory_files import MemoryFiles
from loracfg.training.source_reading import source_of_text

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
    adapter = adapter_of(lines, files, base)
    live = live_of(lines, adapter.shapes)
    return Engine(options).open_read(adapter, resolved_of(lines, base), live=live)


def adapter_of(
    lines: tuple[str, ...], files: MemoryFiles, base: Architecture | None = None
) -> Adapter:
    """Read the adapter of these lines, or its config if it has not been trained."""
    if text := trainer_file_of(lines):
        source = source_of_text("run.json", text.encode())
        source = source.on_base(base) if base else source
        return planned_adapter(source.document, source.notes)
    adapter = read_adapter(files, with_values=has_values(lines))
    if "planned" not in lines:
        return adapter
    document, faults = read_document(files.contents[CONFIG_NAME], CONFIG_NAME)
    return planned_adapter(document, faults)


def codes(*lines: str) -> list[str]:
    """Return the codes of the findings in the adapter of these lines."""
    return [d.code for d in judged(*lines).diagnostics]


def error_codes(*lines: str) -> list[str]:
    """Return the codes of the errors in the adapter of these lines."""
    return [d.code for d in judged(*lines).diagnostics if d.severity == "error"]
