"""What DuckDB answers is what counting the rows in Python gives."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg.audit.report.audit_documents import QUESTION_NAMES, Wanted, report_on
from loracfg.audit.report.database import opened
from loracfg.audit.report.question import AuditTable
from loracfg.audit.result_files import newest_runs
from loracfg.config.history.releases import RELEASES
from loracfg.errors import LoracfgError
from tests.audit.report.fleets import write_fleet
from tests.audit.report.rows import (
    NEWEST,
    NO_BASE,
    Row,
    digest,
    engine,
    finding,
    row,
    write_run,
)

CODES: Final = {"LC503": "error", "LC204": "warning", "LC606": "error", "XY001": "info"}
STATUSES: Final = ("valid", "invalid", "undetermined", "error")


def random_rows(seed: int, number: int = 400) -> list[Row]:
    rnd = random.Random(seed)  # noqa: S311
    return [random_row(rnd, at) for at in range(number)]


def random_row(rnd: random.Random, at: int) -> Row:
    status = rnd.choice(STATUSES)
    codes = rnd.sample(list(CODES), rnd.randint(0, 3))
    answers = [engine(one, rnd.choice(["loads", "raises", "unknown"])) for one in ("vllm", "tgi")]
    return row(
        f"hf://org/{at}",
        status=status,
        reason=f"`{at}` answers {rnd.choice([404, 500])}" if status == "error" else None,
        codes=[finding(code, f"`{at}`", CODES[code], rnd.randint(1, 9)) for code in codes],
        not_checked=rnd.choice([[], [NO_BASE], [NO_BASE, {"what": "x", "why": "y"}]]),
        base=rnd.choice(["org/a", "org/b", None]),
        base_model_type=rnd.choice(["llama", None]),
        loads_in=rnd.choice([None, [], [NEWEST], list(RELEASES[-9:])]),
        answers=rnd.choice([None, [], answers]),
        weights_etag=rnd.choice([None, "W/etag", digest(f"{rnd.randint(0, 300)}")]),
        bytes=rnd.choice([None, 7]),
    )


def objects(table: AuditTable) -> list[dict[str, Any]]:
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, one, strict=True)) for one in table.rows]


def asked(folder: Path, **wanted: Any) -> dict[str, list[dict[str, Any]]]:
    document = report_on(folder, Wanted(**{"limit": 10_000} | wanted))
    return {table.name: objects(table) for table in document.tables}


@pytest.fixture(scope="module", params=[1, 2])
def fleet(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Row], Path]:
    rows = random_rows(request.param)
    return rows, write_run(tmp_path_factory.mktemp("fleet"), rows, size=150)


@pytest.fixture(scope="module")
def answers(fleet: tuple[list[Row], Path]) -> dict[str, list[dict[str, Any]]]:
    return asked(fleet[1])


Fleet = tuple[list[Row], Path]
Answers = dict[str, list[dict[str, Any]]]


def test_statuses(fleet: Fleet, answers: Answers) -> None:
    counted = Counter(one["status"] for one in fleet[0])
    assert {one["status"]: one["adapters"] for one in answers["statuses"]} == counted
    assert sum(one["share"] for one in answers["statuses"]) == pytest.approx(1)
    assert sum(one["bytes"] for one in answers["statuses"]) == sum(
        one["bytes"] or 0 for one in fleet[0]
    )


def test_codes(fleet: Fleet, answers: Answers) -> None:
    counted = Counter(code["code"] for one in fleet[0] for code in one["codes"])
    assert {one["code"]: one["adapters"] for one in answers["codes"]} == counted
    assert {one["code"]: one["severity"] for one in answers["codes"]} == CODES
    names = {one["code"]: one["name"] for one in answers["codes"]}
    assert (names["LC503"], names["XY001"]) == ("rank-mismatch", None)


def test_invalid_adapters_are_listed_with_their_first_error(fleet: Fleet, answers: Answers) -> None:
    expected = {}
    for one in fleet[0]:
        if one["status"] == "invalid":
            errors = [code for code in one["codes"] if code["severity"] == "error"]
            first = errors[0] if errors else {"code": None, "message": None}
            expected[one["source"]] = (len(errors), first["code"], first["message"])
    assert {
        one["source"]: (one["errors"], one["code"], one["message"]) for one in answers["invalid"]
    } == expected


def test_hidden_findings_are_counted(tmp_path: Path) -> None:
    hidden = row("hf://a/b", status="invalid", hidden=2)
    folder = write_run(tmp_path, [hidden, row("hf://a/c", hidden=1)])
    document = report_on(folder, Wanted(("invalid", "codes")))
    assert document.facts[1:] == (
        "3 findings on 2 adapters are hidden: the audit was given `--select` or `--ignore`",
    )
    (found,) = objects(document.tables[0])
    assert (found["errors"], found["code"]) == (0, None)
    assert found["message"] == "2 findings are hidden"
    folder = write_run(tmp_path / "one", [hidden | {"hidden": 1}])
    document = report_on(folder, Wanted(("invalid",)))
    assert document.facts[1].startswith("1 finding on 1 adapter is hidden: ")
    assert objects(document.tables[0])[0]["message"] == "1 finding is hidden"


def test_reasons_are_counted_without_what_they_quote(fleet: Fleet, answers: Answers) -> None:
    counted = Counter(one["reason"][-3:] for one in fleet[0] if one["reason"])
    assert {one["reason"][-3:]: one["adapters"] for one in answers["unreadable"]} == counted


def test_gaps(fleet: Fleet, answers: Answers) -> None:
    gaps = [
        gap for one in fleet[0] if one["status"] == "undetermined" for gap in one["not_checked"]
    ]
    counted = Counter(gap["what"] for gap in gaps)
    assert {one["what"]: one["adapters"] for one in answers["not_checked"]} == counted
    assert {one["what"]: one["why"] for one in answers["not_checked"]} == {
        gap["what"]: gap["why"] for gap in gaps
    }


@pytest.mark.parametrize(
    ("name", "column"), [("bases", "base"), ("model_types", "base_model_type")]
)
def test_groups(fleet: Fleet, answers: Answers, name: str, column: str) -> None:
    counted = Counter((one[column], one["status"]) for one in fleet[0])
    key = "base" if name == "bases" else "model_type"
    words = {"error": "unreadable"}
    assert {
        (one[key], status): one[words.get(status, status)]
        for one in answers[name]
        for status in STATUSES
    } == counted


def test_releases(fleet: Fleet, answers: Answers) -> None:
    lists = [one["loads_in"] for one in fleet[0] if one["loads_in"]]
    counted = Counter(release for some in lists for release in some)
    found = {name: one for one in answers["releases"] for name in one["releases"]}
    assert found.keys() == set(RELEASES[2:])
    for release, one in found.items():
        assert (one["loads"], one["fails"]) == (counted[release], len(lists) - counted[release])


def test_engines(fleet: Fleet, answers: Answers) -> None:
    counted = Counter(
        (given["runtime"], given["answer"]) for one in fleet[0] for given in one["answers"] or ()
    )
    assert {
        (one["runtime"], word): one[word]
        for one in answers["engines"]
        for word in ("loads", "raises", "unknown")
    } == counted


def test_duplicates_have_the_same_digest(fleet: Fleet, answers: Answers) -> None:
    counted = Counter(one["weights_etag"] for one in fleet[0])
    repeated = {etag: number for etag, number in counted.items() if number > 1}
    assert repeated.pop("W/etag") > 1  # a server may give this to different files
    repeated.pop(None)
    found = Counter(one["adapters"] for one in answers["duplicates"])
    assert found == Counter(repeated.values())


def test_adapters_in_a_release(fleet: Fleet) -> None:
    def expected(one: Row) -> str:
        if "0.20.0" in (one["loads_in"] or ()):
            return "loads"
        if one["loads_in"]:
            return "fails"
        if one["status"] in ("error", "invalid"):
            return "unreadable" if one["status"] == "error" else "broken"
        return "unknown" if one["loads_in"] is None else "fails"

    found = asked(fleet[1], releases=("0.20",))
    assert list(found) == ["peft_0.20.0", "fails_in_peft_0.20.0"]
    counted = Counter(map(expected, fleet[0]))
    assert {one["answer"]: one["adapters"] for one in found["peft_0.20.0"]} == counted
    assert [one["source"] for one in found["fails_in_peft_0.20.0"]] == sorted(
        one["source"] for one in fleet[0] if expected(one) == "fails"
    )


def test_adapters_in_an_engine(fleet: Fleet) -> None:
    def expected(one: Row) -> str:
        given = {answer["runtime"]: answer["answer"] for answer in one["answers"] or ()}
        if one["status"] == "error":
            return "unreadable"
        if one["status"] == "invalid" and not one["loads_in"]:
            return "broken"
        return f"{given.get('vllm', 'unknown')}"

    found = asked(fleet[1], engines=("vllm",))
    assert list(found) == ["vllm_0.33.0", "fails_in_vllm_0.33.0"]
    counted = Counter(map(expected, fleet[0]))
    assert {one["answer"]: one["adapters"] for one in found["vllm_0.33.0"]} == counted
    assert [one["source"] for one in found["fails_in_vllm_0.33.0"]] == sorted(
        one["source"] for one in fleet[0] if expected(one) == "raises"
    )
    assert asked(fleet[1], engines=("vllm==0.33",)) == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vllm==0.31", "have no answers of `vllm==0.31`; choose from `tgi==0.33.0`, `vllm==0.33"),
        ("vllm,max_lora_rank=64", "has settings"),
        ("nothing", "`nothing` is not a known runtime"),
    ],
)
def test_engines_that_are_not_in_the_results(fleet: Fleet, text: str, message: str) -> None:
    with pytest.raises(LoracfgError, match=message):
        asked(fleet[1], engines=(text,))


def test_limits_count_what_they_leave_out(fleet: Fleet) -> None:
    (table,) = report_on(fleet[1], Wanted(("invalid",), limit=3)).tables
    assert len(table.rows) == 3
    assert table.total == sum(one["status"] == "invalid" for one in fleet[0])


def test_every_question_has_a_name_and_an_answer(tmp_path: Path) -> None:
    document = report_on(write_fleet(tmp_path), Wanted())
    names = [table.name for table in document.tables]
    assert names[: len(QUESTION_NAMES)] == list(QUESTION_NAMES)
    assert names[len(QUESTION_NAMES) :] == ["broken_by_code", "broken"]
    assert len(set(names)) == len(names)


def test_a_run_without_adapters(tmp_path: Path) -> None:
    document = report_on(write_run(tmp_path, []), Wanted())
    assert all(not table.rows for table in document.tables if table.name != "releases")


@pytest.mark.parametrize(
    "column", ["status", "codes", "ranks", "scale_min", "read_at", "answers", "not_checked"]
)
def test_columns_that_older_results_lack_are_null(tmp_path: Path, column: str) -> None:
    import pyarrow.parquet as parquet

    folder = write_fleet(tmp_path)
    for part in (folder / "results").iterdir():
        parquet.write_table(parquet.read_table(part).drop_columns([column]), part)
    document = report_on(folder, Wanted(("statuses", "codes", "engines", "not_checked")))
    assert len(document.tables) == 4


def test_a_column_that_only_one_part_has(tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    folder = write_fleet(tmp_path)
    statuses = asked(folder, questions=("statuses",))
    first, *others = sorted((folder / "results").iterdir())
    for part in others:
        parquet.write_table(parquet.read_table(part).drop_columns(["bytes"]), part)
    assert asked(folder, questions=("statuses",)) != statuses
    (newest, *_) = newest_runs(folder)
    with opened({"results": newest}) as database:
        found = database.ask("SELECT sum(bytes) FROM results").rows
    assert found == ((sum(parquet.read_table(first)["bytes"].to_pylist()),),)


def test_both_readers_give_the_same_rows(fleet: Fleet) -> None:
    (run,) = newest_runs(fleet[1])
    found = []
    for is_for_users in (False, True):
        with opened({"results": run}, is_for_users=is_for_users) as database:
            found.append(database.ask("SELECT * FROM results ORDER BY source"))
    assert found[0] == found[1]


@pytest.mark.parametrize("is_for_users", [False, True])
def test_no_other_file_is_read(fleet: Fleet, tmp_path: Path, is_for_users: bool) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    (run,) = newest_runs(fleet[1])
    with (
        opened({"results": run}, is_for_users=is_for_users) as database,
        pytest.raises(LoracfgError, match="Permission Error"),
    ):
        database.ask("SELECT * FROM read_csv($other)", {"other": f"{other}"})


def test_results_of_another_version_are_refused(tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    folder = write_fleet(tmp_path)
    part = next((folder / "results").iterdir())
    other = {"loracfg.result_version": "2"}
    parquet.write_table(parquet.read_table(part).replace_schema_metadata(other), part)
    with pytest.raises(LoracfgError, match="do not have version 1"):
        report_on(folder, Wanted())


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    folder = write_fleet(tmp_path)
    part = next((folder / "results").iterdir())
    part.write_bytes(part.read_bytes()[:-100])
    with pytest.raises(LoracfgError, match="the results cannot be read"):
        report_on(folder, Wanted())


def test_folders_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's [1]*?{a}"
    folder.mkdir()
    assert len(report_on(write_fleet(folder), Wanted(("statuses",))).tables[0].rows) == 4
