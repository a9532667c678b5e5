"""Two runs over a million adapters, from real rows that are varied, and how long questions take.

    python -m tests.audit.report.million FOLDER [--rows 1000000]

The first time, it writes the runs to FOLDER. In the second one, a tenth of the rows was judged
again, at most a hundredth has another status, and a thousandth is missing. Each question is then
asked as `loracfg audit report` and `loracfg audit diff` ask it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import pyarrow
import pyarrow.parquet

from loracfg.audit.report import changes
from loracfg.audit.report.database import MEMORY, Database, opened
from loracfg.audit.report.loading_questions import loading_in_engine, loading_in_release
from loracfg.audit.report.own_query import ask_own
from loracfg.audit.report.question import answer
from loracfg.audit.report.questions import QUESTIONS
from loracfg.audit.result_files import KEPT, RESULTS, RUN_FILE, RUNS, SHOWN, newest_runs
from loracfg.audit.result_schema import COLUMNS, arrow_schema
from tests.audit.report.rows import FIRST, SECOND
from tests.audit.report.templates import real_rows

PART: Final = 5_000
BASES: Final = 20_000
LIMIT: Final = 20

VARIED: Final = """
    SELECT template.* REPLACE (
        'hf://org' || (i % 40009) || '/adapter-' || i AS source,
        'hf://org' || (i % 40009) || '/adapter-' || i AS listed_as,
        sha1('commit' || i) AS revision,
        if(config_digest IS NULL, NULL, sha256('config' || i % 700001)) AS config_digest,
        if(header_digest IS NULL, NULL, sha256('header' || i % 90001)) AS header_digest,
        if(header_digest IS NULL, NULL, sha256('weights' || i % 970001)) AS weights_etag,
        'org' || (hash(i) % 997) || '/base-' || (hash(i) % {bases}) AS base,
        parameters * (1 + hash(i) % 50) AS parameters,
        bytes * (1 + hash(i) % 50) AS bytes,
        [(4 << (hash(i) % 6))::BIGINT] AS ranks,
        '{judge}' AS judge,
        judged_at + to_seconds({day}) AS judged_at,
        '{run}' AS run
    )
    FROM (
        SELECT i, 1 + hash(if(i % 100 = 7, i + {day}, i)) % {templates} AS number
        FROM range({first}, {last}) AS numbers(i)
    ) JOIN (SELECT *, row_number() OVER () AS number FROM templates) AS template USING (number)
    ORDER BY i"""


def make(output: Path, rows: int, templates: pyarrow.Table) -> None:
    """Write both runs."""
    connection = duckdb.connect()
    connection.register("templates", templates)
    (output / RESULTS).mkdir(parents=True)
    for day, name in enumerate((FIRST, SECOND)):
        home = output / RUNS / name
        home.mkdir(parents=True)
        place, suffix = (output / RESULTS, SHOWN) if name == SECOND else (home, KEPT)
        for number, start in enumerate(range(0, rows, PART)):
            judged = day if number % 10 == 0 else 0  # in this part, all rows were judged again
            first = start + (rows // 1000 if day and start == 0 else 0)
            sql = VARIED.format(
                bases=BASES,
                templates=len(templates),
                judge="two" if judged else "one",
                day=judged,
                run=name,
                first=first,
                last=min(start + PART, rows),
            )
            columns = ", ".join(column.name for column in COLUMNS)
            table = connection.sql(f"SELECT {columns} FROM ({sql})").to_arrow_table()
            path = place / f"{name}-{number:05}{suffix}"
            pyarrow.parquet.write_table(table.cast(arrow_schema()), path, compression="zstd")
        (home / RUN_FILE).write_text(json.dumps({"finished": name}))


def measure(output: Path) -> None:
    """Ask each question, and print how long DuckDB takes."""
    newest, before = newest_runs(output)
    runs = {"results": newest, "previous": before}
    spent: list[float] = []
    with opened(runs) as database, opened(runs, is_for_users=True) as for_users:
        own = "SELECT base, count(*) FROM results WHERE status = 'invalid' GROUP BY 1 ORDER BY 2"
        asked = _asked(database) | {"--sql": lambda: ask_own(for_users, own, LIMIT, 60)}
        for name, ask in asked.items():
            begin, cpu = time.perf_counter(), time.process_time()
            ask()
            spent.append(time.perf_counter() - begin)
            used = time.process_time() - cpu
            _say(f"{name:<32} {spent[-1]:6.2f} s, {used:6.2f} s of CPU")
    _say(f"{os.cpu_count()} cores, memory limit {MEMORY}; slowest {max(spent):.2f} s")


def _asked(database: Database) -> dict[str, Callable[[], object]]:
    return {
        **{one.name: partial(answer, database, one, LIMIT) for one in QUESTIONS},
        "what broke since the last run": lambda: changes.changes_of_status(database, LIMIT),
        "audit diff": lambda: changes.changes_by_kind(database, LIMIT),
        "--peft 0.12": lambda: loading_in_release(database, "0.12", LIMIT),
        "--for vllm": lambda: loading_in_engine(database, "vllm", LIMIT),
    }


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Write the runs if they are not there, and measure."""
    parser = argparse.ArgumentParser(description="Measure the questions of `loracfg audit report`.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    output = given.folder / f"{given.rows}"
    if not output.exists():
        templates = real_rows(given.folder / "templates")
        _say(f"{len(templates)} real rows")
        make(output, given.rows, templates)
    measure(output)


if __name__ == "__main__":
    main()
