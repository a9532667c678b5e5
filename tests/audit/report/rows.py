"""Rows of results, and runs of them in an output folder, as `loracfg audit` writes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow
import pyarrow.parquet

from loracfg.audit.result_files import KEPT, RESULTS, RUN_FILE, RUNS, SHOWN
from loracfg.audit.result_schema import arrow_schema
from loracfg.config.history.releases import RELEASES

Row = dict[str, Any]

PREVIOUS, NEWEST = RELEASES[-2:]
"""The two newest releases of PEFT."""

FIRST: Final = "20260101T000000Z-1"
SECOND: Final = "20260102T000000Z-2"
MONDAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
TUESDAY: Final = datetime(2026, 1, 2, tzinfo=UTC)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def finding(code: str, message: str, severity: str = "error", count: int = 1) -> Row:
    return {
        "code": code,
        "severity": severity,
        "findings": 1,
        "count": count,
        "message": message,
    }


def engine(runtime: str, answer: str, version: str = "0.33.0") -> Row:
    return {"runtime": runtime, "version": version, "answer": answer}


RANK: Final = finding("LC503", "`r` is `8`, but 4 layers have rank `4`.", count=224)
NO_BASE: Final = {"what": "the tensors against the base", "why": "`org/base` is not in the cache"}


def row(source: str, **values: Any) -> Row:
    """Return the row of a valid adapter, with some columns of other values."""
    usual: Row = {
        "source": source,
        "listed_as": source,
        "revision": "1" * 40,
        "status": "valid",
        "codes": [],
        "hidden": 0,
        "not_checked": [],
        "method": "LORA",
        "config_digest": digest("config"),
        "header_digest": digest("header"),
        "weights_etag": digest(source),
        "base": "org/base",
        "base_revision": "2" * 40,
        "base_model_type": "llama",
        "base_class": "LlamaForCausalLM",
        "base_source": "catalogue",
        "base_digest": None,
        "tensors": 448,
        "applied": 448,
        "parameters": 20_000_000,
        "bytes": 40_000_000,
        "dtypes": ["BF16"],
        "ranks": [16],
        "scale_min": 2.0,
        "scale_max": 2.0,
        "targets": ["q_proj", "v_proj"],
        "written_by": ">=0.15",
        "loads_in": [PREVIOUS, NEWEST],
        "answers": [engine("vllm", "loads"), engine("llama.cpp", "raises", "b1")],
        "noted": [],
        "read_at": MONDAY,
        "judged_at": MONDAY,
        "judge_seconds": 0.002,
        "options": "one",
        "loracfg": "0.1.0",
        "judge": "one",
    }
    assert values.keys() <= {*usual, "reason"}
    return usual | values


def invalid(source: str, **values: Any) -> Row:
    return row(source, status="invalid", codes=[RANK], loads_in=None, **values)


def undetermined(source: str, **values: Any) -> Row:
    return row(source, status="undetermined", not_checked=[NO_BASE], applied=None, **values)


def unreadable(source: str, reason: str = "the server answers 404") -> Row:
    nothing = dict.fromkeys(
        ("config_digest", "header_digest", "weights_etag", "base", "loads_in", "answers", "bytes")
    )
    return row(source, status="error", reason=reason, **nothing)


def again(one: Row, **values: Any) -> Row:
    """Return a row as a later run has it that judged the adapter again."""
    return one | {"judged_at": TUESDAY, "read_at": TUESDAY} | values


def write_run(
    output: Path,
    rows: Sequence[Row],
    name: str = SECOND,
    *,
    finished: bool = True,
    newest: bool = True,
    size: int = 3,
) -> Path:
    """Write a run in parts of `size` rows, and return the output folder."""
    home = output / RUNS / name
    home.mkdir(parents=True)
    (home / RUN_FILE).write_text(json.dumps({"finished": f"{TUESDAY}" if finished else None}))
    place, suffix = (output / RESULTS, SHOWN) if newest else (home, KEPT)
    place.mkdir(exist_ok=True)
    for number, start in enumerate(range(0, len(rows), size)):
        part = [_written(one) | {"run": name} for one in rows[start : start + size]]
        table = pyarrow.Table.from_pylist(part, schema=arrow_schema())
        pyarrow.parquet.write_table(table, place / f"{name}-{number:05}{suffix}")
    return output


def _written(one: Row) -> Row:
    return one | {"errors": sum(code["severity"] == "error" for code in one["codes"])}


def write_runs(output: Path, before: Sequence[Row], now: Sequence[Row]) -> Path:
    """Write two runs, and return the output folder."""
    write_run(output, before, FIRST, newest=False)
    return write_run(output, now)
