"""A user's query reads the results and nothing else, changes nothing, and ends in time."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from loracfg.audit.report.audit_documents import own_answer
from loracfg.audit.report.database import CONFIG, MEMORY, Database, opened
from loracfg.audit.report.own_query import ask_own
from loracfg.audit.result_files import newest_runs
from loracfg.errors import LoracfgError
from tests.audit.report.fleets import NOW, write_fleet
from tests.cli.running import call, hashes, run, start

SLOW: Final = (
    "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7 * a.range"
)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fleet(tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="module")
def database(fleet: Path) -> Iterator[Database]:
    newest, before = newest_runs(fleet)
    with opened({"results": newest, "previous": before}, is_for_users=True) as found:
        yield found


def rows(database: Database, sql: str, limit: int = 100) -> tuple[tuple[object, ...], ...]:
    return ask_own(database, sql, limit, 60).rows


def test_queries_see_both_runs_and_what_loracfg_knows(database: Database) -> None:
    assert rows(database, "SELECT count(*) FROM results") == ((len(NOW),),)
    assert rows(database, "FROM previous SELECT count(DISTINCT run)") == ((1,),)
    assert rows(database, "SELECT name FROM rules WHERE code = 'LC503'") == (("rank-mismatch",),)
    joined = "SELECT name FROM results, unnest(codes) AS t(f) JOIN rules ON f.code = rules.code"
    assert ("rank-mismatch",) in rows(database, joined)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{part}')",
        "SELECT * FROM read_parquet('{part}')",
        "SELECT * FROM '{part}'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM query('FROM read_text(''/etc/hostname'')')",
        "SELECT * FROM parquet_metadata('{part}')",
        "SELECT * FROM 'https://localhost/x.parquet'",
        "SELECT * FROM opened",
        "SELECT * FROM database",
        "WITH x AS (COPY (SELECT 1) TO '{part}' (USE_TMP_FILE false)) SELECT 1",
        "WITH x AS (COPY (SELECT 1) TO '{part}') SELECT 1",
        "COPY (SELECT 1) TO '{part}' (USE_TMP_FILE false)",
        "EXPORT DATABASE '{folder}/exported'",
        "ATTACH '{folder}/new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA enable_logging",
        "CREATE TABLE x AS SELECT 1",
        "DROP TABLE rules",
        "CALL pragma_version()",
        "EXPLAIN ANALYZE SELECT 1",
        "SELECT 1; COPY (SELECT 1) TO '{part}'",
        "",
        ";",
        "-- nothing",
        "SELEC",
        "SELECT ?",
        "SELECT nothing FROM results",
        "SELECT 1/0::DECIMAL(1,0), error('x')",
        "SELECT \x00",
    ],
)
def test_nothing_else_is_read_or_changed(fleet: Path, sql: str) -> None:
    before = hashes(fleet)
    part = sorted((fleet / "results").iterdir())[0]
    with pytest.raises(LoracfgError):
        own_answer(fleet, sql.format(part=part, folder=fleet), 10, 60)
    assert hashes(fleet) == before


def test_what_a_query_inserts_is_not_kept(fleet: Path) -> None:
    before = hashes(fleet)
    sql = "WITH x AS (INSERT INTO rules VALUES ('X', 'x') RETURNING *) SELECT * FROM x"
    own_answer(fleet, sql, 10, 60)
    found = own_answer(fleet, "SELECT count(*) FROM rules WHERE code = 'X'", 10, 60)
    assert found.tables[0].rows == ((0,),)
    assert hashes(fleet) == before


RECURSIVE: Final = (
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t, results",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n + range FROM t, range(1000)) SELECT * FROM t",
    "WITH RECURSIVE t(n, m) USING KEY (n) AS (SELECT 1, 1 UNION SELECT n, m + 1 FROM t) FROM t",
    "WITH RECURSIVE t(n) AS (SELECT [1] UNION ALL SELECT list_concat(n, n) FROM t) FROM t",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < levenshtein("
    "repeat('a', 300000), repeat('b', 300000))) SELECT count(*) FROM t",
)


@pytest.mark.slow
@pytest.mark.parametrize("sql", RECURSIVE)
def test_recursive_queries_end_in_time(sql: str, fleet: Path) -> None:
    begin = time.monotonic()
    options = ("--sql", sql, "--timeout", "1", "--limit", "1000000000")
    outcome = run("audit", "report", fleet, *options)
    assert time.monotonic() - begin < 10  # of which the process takes some to start
    assert outcome.status == 2
    assert re.search("took more than 1 second|Out of Memory", outcome.err)


def test_values_nested_very_deeply_are_refused(database: Database) -> None:
    deep = "{'a': " * 200 + "1" + "}" * 200
    with pytest.raises(LoracfgError, match="nested more than 100 levels deep; select parts"):
        rows(database, f"SELECT {deep}")
    assert rows(database, f"SELECT {'[' * 50 + '1' + ']' * 50}")


@pytest.mark.slow
@pytest.mark.parametrize(("limit", "words"), [(0.2, r"0\.2 seconds"), (1, "1 second;")])
def test_time_is_limited(fleet: Path, limit: float, words: str) -> None:
    with pytest.raises(LoracfgError, match=f"took more than {words}"):
        own_answer(fleet, SLOW, 10, limit)


def test_memory_is_limited(fleet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONFIG, "memory_limit", "100MiB")
    with pytest.raises(LoracfgError, match="Out of Memory"):
        own_answer(fleet, "SELECT list(range) FROM range(1000000000)", 10, 300)


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT length(repeat('x', 4000000000))",
        "SELECT repeat('x', 4000000000)",
        "SELECT list_sum(list_transform(range(400000000), lambda x: x))",
    ],
)
def test_memory_that_duckdb_does_not_count_is_limited(fleet: Path, sql: str) -> None:
    arguments = (str(fleet), "--sql", sql, "--timeout", "20")
    with start("audit", "report", *arguments, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        err = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 2
    assert re.search(b"Out of Memory|needs more memory|took more than 20 seconds", err)
    assert usage.ru_maxrss * 1024 < 4 << 30


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
def test_the_limit_of_memory_ends_with_the_query(fleet: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_DATA)
    assert call("audit", "report", fleet, "--sql", "SELECT 1").status == 0
    assert call("audit", "report", fleet, "--sql", "SELECT x").status == 2
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_limits_are_set(database: Database) -> None:
    sql = "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
    assert MEMORY == "2GiB"
    assert rows(database, sql) == (("2.0 GiB", ""),)


def test_rows_are_limited(database: Database) -> None:
    table = ask_own(database, "SELECT * FROM range(1000000000)", 10, 60)
    assert (len(table.rows), table.total) == (10, None)
    assert ask_own(database, "SELECT * FROM range(10)", 10, 60).total == 10


def test_columns_may_share_a_name_and_have_any_type(database: Database) -> None:
    sql = "SELECT 1 AS x, 2 AS x, 3 AS bytes, 'a' AS bytes_2, read_at FROM results LIMIT 1"
    table = ask_own(database, sql, 10, 60)
    assert [(one.key, one.kind) for one in table.columns] == [
        ("x", "number"),
        ("x_2", "number"),
        ("bytes", "bytes"),
        ("bytes_2", "value"),
        ("read_at", "value"),
    ]
    assert isinstance(table.rows[0][4], datetime.datetime)
