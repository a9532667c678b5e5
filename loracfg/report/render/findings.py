"""The findings of a report with fingerprints that survive edits elsewhere in the files."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from loracfg.report.render.place import file_path, path_from_here

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loracfg.report.report import AdapterReport, Diagnostic, Report


def findings(report: Report) -> Iterator[tuple[AdapterReport, Diagnostic, str]]:
    """Yield each finding with its adapter and a fingerprint that is unique in the report.

    The fingerprint has 64 hexadecimal digits. It depends on code, file, key and tensor, but not on
    lines or wording. Findings that agree in all of these are numbered in order.
    """
    seen: Counter[str] = Counter()
    for adapter in report.adapters:
        for diagnostic in adapter.diagnostics:
            at = diagnostic.location
            path = path_from_here(file_path(adapter, at))
            key = "\0".join((diagnostic.code, path, at.pointer or "", at.tensor or ""))
            numbered = f"{key}\0{seen[key]}"
            seen[key] += 1
            yield adapter, diagnostic, sha256(numbered.encode("utf-8", "surrogatepass")).hexdigest()
