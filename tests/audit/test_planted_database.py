"""The database of an output folder that others planted: no SQL of theirs runs, nothing is lost."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest

from loracfg.adapter.files import open_regular
from loracfg.audit import known_rows, run_state
from loracfg.audit.base_states import BaseStates
from loracfg.audit.known_rows import FILE, KnownRows
from tests.cli.running import Outcome, call, write_adapter, write_base

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x, x FROM c"
SCHEMAS = {
    "view": f"DROP TABLE facts; CREATE VIEW facts (name, value) AS {ENDLESS}",
    "view of rows": "ALTER TABLE known RENAME TO other; CREATE VIEW known AS SELECT * FROM other",
    "trigger": f"CREATE TRIGGER t AFTER UPDATE ON known BEGIN INSERT INTO facts {ENDLESS}; END",
    "index": "CREATE INDEX more ON known (hex(zeroblob(count)))",
    "column": "DROP TABLE facts; CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT, more TEXT)",
    "computed": "DROP TABLE facts; CREATE TABLE facts (name TEXT PRIMARY KEY, value AS ('1'))",
    "table": "CREATE TABLE more (cell)",
    "other table": "DROP TABLE known; CREATE TABLE known (cell)",
}
VALUES = {
    "no JSON": "rows = 'none'",
    "no list": "rows = '{}'",
    "no row": "rows = '[]'",
    "short row": "rows = '[[1]]'",
    "number": "rows = 5",
    "bytes": "rows = x'ff'",
    "no UTF-8": "rows = CAST(x'ff' AS TEXT)",
    "deep": "rows = replace(hex(zeroblob(50000)), '00', '[')",
    "cells": "rows = replace(rows, 'null', '[[{}]]')",
    "integers": "rows = replace(rows, 'null', '99999999999999999999999')",
    "bases": "bases = '[1]'",
    "bases deep": "bases = replace(hex(zeroblob(50000)), '00', '[')",
    "names of bases": "bases = '[[{}, [], 1]]'",
    "count": "count = 'many'",
    "negative": "count = -5",
    "options": "options = x'00'",
    "version": "version = x'00'",
    "run": "run = x'00'",
}
NOT_OURS = (
    f"loracfg: `{FILE}` in the output folder was not written by an audit; delete all `{FILE}*` "
    "there, and audit again: everything is judged again\n"
)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The results of an adapter."""
    write_adapter(tmp_path / "fleet/adapter")
    assert audit(tmp_path).status == 0
    return tmp_path / "out"


def audit(home: Path, *more: str | Path) -> Outcome:
    where = ("--output", home / "out", "-q")
    return call("audit", home / "fleet", *where, *(more or ("--isolated",)))


def plant(output: Path, sql: str, values: tuple[object, ...] = ()) -> None:
    with closing(sqlite3.connect(output / FILE)) as base:
        if values:
            base.execute(sql, values)
            base.commit()
        else:
            base.executescript(sql)


def update(output: Path, values: str) -> None:
    plant(output, f"UPDATE known SET {values}")  # noqa: S608  # of this file


@pytest.mark.parametrize("sql", SCHEMAS.values(), ids=SCHEMAS)
def test_what_sqlite_would_run_is_refused(sql: str, output: Path) -> None:
    plant(output, sql)
    outcome = audit(output.parent)
    assert (outcome.status, outcome.out, outcome.err) == (2, "", NOT_OURS)


@pytest.mark.parametrize("sql", VALUES.values(), ids=VALUES)
def test_values_of_other_types_are_refused(sql: str, output: Path) -> None:
    update(output, sql)
    outcome = audit(output.parent)
    assert (outcome.status, outcome.out, outcome.err) == (2, "", NOT_OURS)
    for path in output.glob(f"{FILE}*"):
        path.unlink()
    assert audit(output.parent).status == 0


@pytest.mark.parametrize("value", [None, b"1"])
def test_facts_of_other_types_are_refused(value: object, output: Path) -> None:
    plant(output, "UPDATE facts SET value = ?", (value,))
    assert audit(output.parent).err == NOT_OURS


@pytest.mark.parametrize("values", ["part = 'x'", "count = 1.5"])
def test_counts_of_a_run_that_continues_are_numbers(values: str, output: Path) -> None:
    update(output, values)
    (state,) = output.glob("runs/*/run.json")
    state.write_text(json.dumps(json.loads(state.read_bytes()) | {"finished": None}))
    assert audit(output.parent).err == NOT_OURS


def test_no_journal_is_played_back(output: Path, tmp_path: Path) -> None:
    """SQLite deletes the file that a journal names as that of several databases."""
    victim, page = tmp_path / "victim", 4096
    victim.write_text("precious")
    name = os.fsencode(victim)
    pages = (output / FILE).stat().st_size // page
    magic = bytes.fromhex("d9d505f920a163d7")
    head = magic + struct.pack(">5I", 0, 1, pages, 512, page)
    end = name + struct.pack(">2I", len(name), sum(name)) + magic
    (output / f"{FILE}-journal").write_bytes(
        head.ljust(512, b"\0") + struct.pack(">I", (1 << 30) // page + 1) + end
    )
    assert audit(tmp_path).err == NOT_OURS
    assert victim.read_text() == "precious"


def test_a_new_database_needs_no_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is there was planted, so a run that is stopped must leave none."""
    monkeypatch.setattr(known_rows, "_JOURNAL", "other")
    (tmp_path / f"{FILE}-journal").mkdir()  # no file can have this name now
    KnownRows(tmp_path).close()


def test_judges_are_no_paths(output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []

    def note(path: Path) -> BinaryIO:
        opened.append(path)
        return open_regular(path)

    monkeypatch.setattr(run_state, "open_regular", note)
    plant(output, "UPDATE known SET judge = '../../other'")
    assert audit(tmp_path).status == 0
    assert not any(".." in path.parts for path in opened)


def test_a_base_that_only_the_database_names_is_not_looked_at(tmp_path: Path) -> None:
    write_adapter(tmp_path / "fleet/adapter")
    base, other = (write_base(tmp_path / name) for name in ("base", "other"))
    for named, judged in ((base, 0), (other, 1)):
        assert audit(tmp_path, "--base", base).status == 0
        state = BaseStates().state_of(str(named), None, is_users=True)
        bases = json.dumps([[str(named), None, state]])
        plant(tmp_path / "out", "UPDATE known SET bases = ?", (bases,))
        assert audit(tmp_path, "--base", base).status == 0
        assert judged_in(tmp_path / "out") == judged


def judged_in(output: Path) -> object:
    """Return the number of adapters that the newest run judged."""
    return json.loads(max(output.glob("runs/*/run.json")).read_bytes())["judged"]
