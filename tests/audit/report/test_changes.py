"""Which adapters changed between two runs, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from loracfg.audit.report.audit_documents import Wanted, difference_of, report_on
from loracfg.audit.report.question import AuditTable
from loracfg.config.history.releases import RELEASES
from tests.audit.report.fleets import BEFORE, KINDS, NOW, write_fleet
from tests.audit.report.rows import (
    FIRST,
    NEWEST,
    PREVIOUS,
    RANK,
    Row,
    again,
    digest,
    engine,
    finding,
    invalid,
    row,
    undetermined,
    write_run,
    write_runs,
)
from tests.audit.report.test_questions import objects

WARNING = finding("LC204", "older", "warning")


def changed(folder: Path, before: list[Row], now: list[Row]) -> dict[str, AuditTable]:
    document = difference_of(write_runs(folder, before, now), None, 100).document
    return {table.name: table for table in document.tables}


def one_change(folder: Path, before: Row, now: Row) -> dict[str, Any] | None:
    """Return how one row changed, with its kind, or nothing."""
    tables = changed(folder, [before], [now])
    found = [kind for kind in KINDS if kind in tables]
    assert len(found) <= 1
    return {"kind": found[0]} | objects(tables[found[0]])[0] if found else None


def test_kinds(tmp_path: Path) -> None:
    found = difference_of(write_fleet(tmp_path), None, 100)
    tables = {table.name: objects(table) for table in found.document.tables}
    assert {kind: [one["source"] for one in tables[kind]] for kind in KINDS} == KINDS
    assert {one["kind"]: one["adapters"] for one in tables["changes"]} == {
        kind: len(sources) for kind, sources in KINDS.items()
    }
    assert (found.broken, found.unreadable) == (2, 1)
    assert [(one["because"], one["code"]) for one in tables["broken"]] == [
        (["content"], "LC503"),
        (["loracfg"], "LC503"),
    ]
    (by_code,) = tables["broken_by_code"]
    assert (by_code["adapters"], by_code["content"], by_code["base"], by_code["judge"]) == (
        2,
        1,
        0,
        1,
    )


def test_nothing_changed(tmp_path: Path) -> None:
    tables = changed(tmp_path, NOW, NOW)
    assert list(tables) == ["changes"]
    assert {number for _, number in tables["changes"].rows} == {0}


def test_the_newest_runs_of_two_folders_are_compared(tmp_path: Path) -> None:
    old = write_run(tmp_path / "old", BEFORE, FIRST)
    new = write_run(tmp_path / "new", NOW)
    apart = difference_of(old, new, 100)
    together = difference_of(write_fleet(tmp_path / "both"), None, 100)
    assert apart.document.tables == together.document.tables
    backwards = difference_of(new, old, 100)
    assert (backwards.broken, backwards.unreadable) == (2, 2)


def test_the_report_counts_the_same_changes_of_status(tmp_path: Path) -> None:
    (counts, *_, broken) = report_on(write_fleet(tmp_path), Wanted(("changes",))).tables
    found = {one["kind"]: one["adapters"] for one in objects(counts)}
    assert found == {kind: len(some) for kind, some in KINDS.items()} | {"changed": 2}
    assert [one["source"] for one in objects(broken)] == KINDS["broken"]


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"codes": [WARNING]}, ["codes"]),
        ({"codes": [WARNING, finding("LC803", "unknown", "info")]}, ["codes"]),
        ({"config_digest": digest("new")}, ["content"]),
        ({"weights_etag": digest("new")}, ["content"]),
        ({"base_revision": "3" * 40}, ["base"]),
        ({"base": None}, ["base"]),
        ({"base_digest": "found"}, ["base"]),
        ({"options": "two"}, None),
        ({"loads_in": [NEWEST]}, ["releases"]),
        ({"answers": [engine("vllm", "differs")]}, ["engines"]),
        ({"judge": "two"}, None),
        ({"revision": "4" * 40, "judge_seconds": 9.0, "loracfg": "9"}, None),
        ({"loads_in": [PREVIOUS, NEWEST, "9.0.0"]}, None),
        ({"loads_in": None}, None),
        ({"answers": [engine("vllm", "loads", "0.99.0")]}, None),
        ({"answers": [engine("tgi", "raises")]}, None),
        ({"answers": None}, None),
        ({"answers": []}, None),
    ],
)
def test_what_counts_as_a_change(tmp_path: Path, values: Row, what: list[str] | None) -> None:
    before = row("hf://a/b")
    found = one_change(tmp_path, before, again(before, **values))
    assert (found and found["what"]) == what


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ({"config_digest": digest("new")}, ["content"]),
        ({"revision": "sizes and times"}, ["content"]),
        ({"base_digest": "two"}, ["base"]),
        ({"base_digest": None}, ["base"]),
        ({"base": "the/same", "base_revision": None, "options": "two"}, ["options"]),
        ({"options": "two", "revision": "sizes and times"}, ["options"]),
        ({"options": None, "judge": "two"}, ["loracfg"]),
        ({"judge": "two", "base_digest": "two"}, ["base", "loracfg"]),
    ],
)
def test_causes(tmp_path: Path, values: Row, because: list[str]) -> None:
    before = row("hf://a/b", base_digest="one")
    broken = before | {"status": "invalid", "codes": [RANK]}
    found = one_change(tmp_path, before, again(broken, **values))
    assert found is not None
    assert (found["kind"], found["because"]) == ("broken", because)


def test_a_base_is_the_same_whatever_it_is_called(tmp_path: Path) -> None:
    before = row("hf://a/b", base_digest="one")
    assert one_change(tmp_path, before, again(before, base="./b", base_revision=None)) is None


def test_names_that_repeat_multiply_nothing(tmp_path: Path) -> None:
    before = [row("x", listed_as=f"{number}") for number in range(3)]
    now = [*map(again, before), again(row("x", listed_as="3"))]
    now[1] |= {"status": "invalid", "codes": [RANK]}
    tables = changed(tmp_path, before, now)
    counts = {one["kind"]: one["adapters"] for one in objects(tables["changes"])}
    assert counts == dict.fromkeys(KINDS, 0) | {"broken": 1, "appeared": 1}
    both = report_on(tmp_path, Wanted(("changes",))).tables
    found = {one["kind"]: one["adapters"] for one in objects(both[0])}
    assert found == dict.fromkeys(KINDS, 0) | {"broken": 1, "appeared": 1}


def test_messages_are_not_compared(tmp_path: Path) -> None:
    before = row("hf://a/b", codes=[WARNING])
    assert one_change(tmp_path, before, again(before, codes=[WARNING | {"message": "new"}])) is None


def test_a_release_that_only_one_run_knows_is_not_lost(tmp_path: Path) -> None:
    before = row("hf://a/b", loads_in=[*RELEASES[-3:]])
    assert one_change(tmp_path, before, again(before, loads_in=[*RELEASES[-3:-1]])) is None


def test_a_release_that_both_runs_know_is_lost(tmp_path: Path) -> None:
    before, other = row("hf://a/b"), row("hf://a/c")
    tables = changed(tmp_path, [before, other], [again(before, loads_in=[PREVIOUS]), other])
    assert objects(tables["changed"])[0]["lost_releases"] == [NEWEST]


def test_an_engine_that_loaded_it_in_another_version_is_lost(tmp_path: Path) -> None:
    before = row("hf://a/b")
    found = one_change(tmp_path, before, again(before, answers=[engine("vllm", "raises", "0.34")]))
    assert found is not None
    assert found["lost_engines"] == ["vllm"]


def test_undetermined_adapters_are_repaired_only_if_as_much_is_checked(tmp_path: Path) -> None:
    before = undetermined("hf://a/b") | {"status": "invalid", "codes": [RANK]}
    found = one_change(tmp_path, before, again(undetermined("hf://a/b")))
    assert found is not None
    assert (found["kind"], found["old_codes"]) == ("repaired", ["LC503"])


def test_what_an_engine_rejects_now_is_broken(tmp_path: Path) -> None:
    """It is valid in itself, but whoever asks for an engine wants to know."""
    rejected = finding("LC801", "llama.cpp does not load it")
    before = row("hf://a/b", codes=[WARNING])
    now = again(before, codes=[rejected, WARNING])
    found = one_change(tmp_path / "a", before, now)
    assert found is not None
    assert (found["kind"], found["before"], found["code"]) == ("broken", "valid", "LC801")
    found = one_change(tmp_path / "b", before | {"codes": now["codes"]}, again(before))
    assert found is not None
    assert (found["kind"], found["old_codes"]) == ("repaired", ["LC801"])
    both = write_runs(tmp_path / "c", [before], [now])
    (counts, *_) = report_on(both, Wanted(("changes",))).tables
    assert objects(counts)[0] == {"kind": "broken", "adapters": 1}


def test_the_error_is_the_own_one_if_there_is_one(tmp_path: Path) -> None:
    rejected = finding("LC201", "PEFT 0.12 does not load it")
    before = row("hf://a/b", codes=[])
    found = one_change(tmp_path, before, again(invalid("hf://a/b"), codes=[rejected, RANK]))
    assert found is not None
    assert found["code"] == "LC503"


def test_what_was_reused_is_not_compared_again(tmp_path: Path) -> None:
    """Rows with the same time of judgement are one judgement: that makes a daily run quick."""
    before = row("hf://a/b")
    assert one_change(tmp_path, before, before | {"codes": [WARNING]}) is None
