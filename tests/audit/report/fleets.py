"""Two runs over a small fleet in which everything happens that a report tells apart."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.audit.report.rows import (
    NEWEST,
    Row,
    again,
    digest,
    engine,
    invalid,
    row,
    undetermined,
    unreadable,
    write_runs,
)

HOSTILE: Final = "hf://a/<script>alert(1)</script>|`x`\\|\x1b[31m@user #1 https://evil.example"
ENGINES: Final = [engine("vllm", "raises", "0.34.0"), engine("tgi", "loads", "3.3.0")]

SAME: Final = row("hf://a/same")
COPY: Final = row("hf://a/copy", weights_etag=SAME["weights_etag"])

BEFORE: Final[list[Row]] = [
    SAME,
    COPY,
    row("hf://a/breaks"),
    undetermined("hf://a/breaks-by-rule"),
    invalid("hf://a/repaired"),
    invalid("hf://a/less-checked"),
    row("hf://a/gone"),
    row("hf://a/lost"),
    row("hf://a/other-engine"),
    invalid("hf://a/invalid"),
    unreadable("hf://a/unreadable"),
    unreadable("hf://a/back"),
    unreadable("hf://a/back-and-invalid"),
    row("hf://a/judged-again"),
]
NOW: Final[list[Row]] = [
    SAME,
    COPY,
    again(invalid("hf://a/breaks"), config_digest=digest("new")),
    again(invalid("hf://a/breaks-by-rule"), judge="two"),
    again(row("hf://a/repaired"), weights_etag=digest("new")),
    again(undetermined("hf://a/less-checked")),
    again(unreadable("hf://a/lost", "`hf://a/lost` cannot be read: the server answers 500")),
    again(row("hf://a/other-engine"), answers=ENGINES, loads_in=[NEWEST]),
    invalid("hf://a/invalid"),
    unreadable("hf://a/unreadable", "`hf://a/unreadable` cannot be read: the server answers 500"),
    again(row("hf://a/back")),
    again(invalid("hf://a/back-and-invalid")),
    again(row("hf://a/judged-again"), judge="two"),
    row(HOSTILE, base=HOSTILE),
]
KINDS: Final = {
    "broken": ["hf://a/breaks", "hf://a/breaks-by-rule"],
    "unreadable": ["hf://a/lost"],
    "repaired": ["hf://a/back", "hf://a/repaired"],
    "changed": ["hf://a/back-and-invalid", "hf://a/less-checked", "hf://a/other-engine"],
    "appeared": [HOSTILE],
    "disappeared": ["hf://a/gone"],
}


def write_fleet(folder: Path) -> Path:
    return write_runs(folder, BEFORE, NOW)
