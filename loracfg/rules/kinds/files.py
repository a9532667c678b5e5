"""Findings about files in the folder that PEFT does not read."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.folder_files import file_location
from loracfg.report.evidence import FolderFiles
from loracfg.rules.rule import Finding


def files_finding(found: list[str], message: str, advice: str) -> Iterator[Finding]:
    """Yield one finding for the files, at the first of them, if there are any."""
    if found:
        place, data = file_location(found[0]), FolderFiles(tuple(found))
        yield Finding(message, place, advice, count=len(found), data=data)
