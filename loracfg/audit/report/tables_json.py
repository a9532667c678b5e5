"""For programs: tables as objects."""

from __future__ import annotations

from typing import Final

from loracfg.audit.report.cell_text import plain
from loracfg.audit.report.question import AuditDocument, AuditTable
from loracfg.report.render.json_text import json_text
from loracfg.urls import redacted

REPORT_VERSION: Final = 1
"""The version of this format: it rises if anything but an addition changes."""


def render_json(document: AuditDocument) -> str:
    """Return the document as JSON."""
    data = {
        "audit_report_version": REPORT_VERSION,
        "title": document.title,
        "facts": list(document.facts),
        "tables": {table.name: _table(table) for table in document.tables},
    }
    return json_text(_without_secrets(data)) + "\n"


def _table(table: AuditTable) -> dict[str, object]:
    keys = [column.key for column in table.columns]
    return {
        "title": table.title,
        "total": table.total,
        "rows": [dict(zip(keys, map(plain, row), strict=True)) for row in table.rows],
    }


def _without_secrets(data: object) -> object:
    if isinstance(data, str):
        return redacted(data)
    if isinstance(data, dict):
        return {key: _without_secrets(value) for key, value in data.items()}
    return list(map(_without_secrets, data)) if isinstance(data, list) else data
