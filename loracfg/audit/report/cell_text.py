"""The values of tables as text, the same in all formats."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from loracfg.audit.report.question import AuditTable, Kind
from loracfg.config.history.releases import RELEASES, specifier
from loracfg.report.render.words import bytes_words

NO_NAME: Final = "(none)"
"""What names a row if nothing does, such as adapters whose config names no base."""
UNREADABLE: Final = "unreadable"
"""What the status `error` is called, as in the summary of `validate`."""


def row_texts(table: AuditTable, row: Sequence[object]) -> list[str]:
    """Return the cells of a row as texts; the first one, which names the row, is never empty."""
    pairs = zip(row, table.columns, strict=True)
    first, *others = (cell_text(value, column.kind) for value, column in pairs)
    return [first or NO_NAME, *others]


def cell_text(value: object, kind: Kind) -> str:
    """Return a value as text; empty for null."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return bytes_words(value) if kind == "bytes" and value >= 0 else f"{value:,}"
    if kind == "share" and isinstance(value, float):
        return f"{value:.1%}"
    if kind == "status":
        return _status_word(f"{value}")
    if isinstance(value, list) and kind in ("words", "names", "releases"):
        texts = [f"{one}" for one in value]
        return _releases(texts) if kind == "releases" else ", ".join(texts)
    if isinstance(value, (list, dict)):
        return json.dumps(plain(value), ensure_ascii=False)
    return f"{plain(value)}"


def _status_word(status: str) -> str:
    """Return what a status is called."""
    return UNREADABLE if status == "error" else status


def plain(value: object) -> object:
    """Return a value of DuckDB as JSON data; what JSON has no type for becomes text."""
    if isinstance(value, float):
        return value if value - value == 0 else f"{value}"  # JSON has no infinity and no NaN
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Mapping):
        return {f"{key}": plain(one) for key, one in value.items()}
    if isinstance(value, date):  # and times, which are dates
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, Iterable):
        return [plain(one) for one in value]
    return f"{value}"


def _releases(texts: list[str]) -> str:
    """Return releases of PEFT as ranges, with those that this loracfg does not know after them."""
    known = [one for one in texts if one in RELEASES]
    others = [one for one in texts if one not in RELEASES]
    return ", ".join(([specifier(known)] if known or not others else []) + others)
