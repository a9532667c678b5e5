"""Runs on folders: rows, and what is judged again."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from pyarrow import parquet

from loracfg.audit.audit import AuditRequest, AuditResult, audit
from loracfg.audit.engines import ENGINES
from loracfg.audit.judging import judge_state
from loracfg.audit.judging.judge import ToJudge, died
from loracfg.audit.judging.judge_state import JudgeState, own_state
from loracfg.audit.judging.verdict_inputs import options_digest
from loracfg.audit.listing.folders import listed_below
from loracfg.audit.progress import Progress
from loracfg.audit.result_files import newest_runs, run_files
from loracfg.audit.result_schema import METADATA_KEY, RESULT_VERSION, arrow_schema
from loracfg.audit.reuse import Reuse
from loracfg.audit.tables import table_of
from loracfg.cli.audit import audit as group
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.settings.project import read_settings
from loracfg.sources.excluded import Excluded
from tests.audit.fleet import rows_of
from tests.cli.running import call, write_adapter, write_base


def run(output: Path, *sources: Path | str, **more: Any) -> AuditResult:
    options = Options(base=more.pop("base", None))
    request = AuditRequest(tuple(map(str, sources)), output, lambda _: options, jobs=1, **more)
    return audit(request)


def test_a_row_an_adapter(fleet: Path, base: Path, tmp_path: Path) -> None:
    result = run(tmp_path / "out", fleet, base=str(base))
    rows = rows_of(tmp_path / "out")
    assert (result.is_finished, result.progress.judged, len(rows)) == (True, 9, 9)
    assert [Path(row["source"]).name for row in rows] == [f"a{n}" for n in range(9)]
    wrong = [row["source"] for row in rows if row["status"] == "invalid"]
    assert [Path(name).name for name in wrong] == ["a3", "a5"]
    good = rows[0]
    assert (good["status"], good["reason"], good["base_class"]) == (
        "valid",
        None,
        "LlamaForCausalLM",
    )
    assert good["applied"] == good["tensors"] > 0
    assert good["ranks"]
    assert PEFT_RELEASE in good["loads_in"]
    assert good["parameters"] > 0
    assert rows[3]["loads_in"] == []  # it is wrong everywhere
    assert rows[5]["loads_in"] is None  # nothing is known of a config that cannot be read


def test_the_files_have_the_schema(fleet: Path, tmp_path: Path) -> None:
    run(tmp_path / "out", fleet)
    (part,) = newest_runs(tmp_path / "out")[0].parts
    schema = parquet.read_schema(part)
    assert schema.equals(arrow_schema())
    assert schema.metadata[METADATA_KEY.encode()] == f"{RESULT_VERSION}".encode()


def test_parts_are_full_or_last(fleet: Path, tmp_path: Path) -> None:
    run(tmp_path / "out", fleet, part_rows=4)
    parts = newest_runs(tmp_path / "out")[0].parts
    counts = [parquet.read_metadata(part).num_rows for part in parts]
    assert sum(counts) == 9
    assert all(count >= 4 for count in counts[:-1])
    assert len(rows_of(tmp_path / "out")) == 9


@pytest.mark.slow
def test_only_what_has_changed_is_judged_again(fleet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(out, fleet)
    first = rows_of(out)
    assert run(out, fleet).progress.judged == 0
    assert rows_of(out) == first
    write_adapter(fleet / "a1", 'config {"r": 8}')
    write_adapter(fleet / "b")
    again = run(out, fleet)
    assert (again.progress.judged, again.progress.unchanged) == (2, 8)
    rows = rows_of(out)
    assert (len(rows), rows[1]["status"]) == (10, "invalid")
    assert run(out, fleet, uses_known=False).progress.judged == 10


@pytest.mark.slow
def test_other_options_judge_again(fleet: Path, base: Path, tmp_path: Path) -> None:
    run(tmp_path / "out", fleet)
    assert run(tmp_path / "out", fleet, base=str(base)).progress.judged == 9
    assert run(tmp_path / "out", fleet, base=str(base)).progress.judged == 0


@pytest.mark.parametrize(
    "options", [("--select", "NOPE"), ("--ignore", "NOPE"), ("--peft", "99"), ("--for", "nosuch")]
)
def test_options_are_checked_first(options: tuple[str, str], fleet: Path, tmp_path: Path) -> None:
    said = call("audit", fleet, "--output", tmp_path / "out", *options)
    assert said.status == 2
    assert options[1] in said.err
    assert not (tmp_path / "out").exists()


def test_an_engine_that_does_not_exist(fleet: Path, tmp_path: Path) -> None:
    with pytest.raises(LoracfgError, match="no engine is called `spark`; use `local` or `ray`"):
        run(tmp_path / "out", fleet, engine="spark")
    assert not (tmp_path / "out").exists()


def test_the_command_has_all_engines() -> None:
    (option,) = (one for one in group.commands["run"].params if one.name == "engine")
    assert isinstance(option.type, click.Choice)
    assert tuple(option.type.choices) == ENGINES
    assert option.default == AuditRequest((), Path(), lambda _: Options()).engine


def test_the_line_that_names_a_base_changes_no_verdict(tmp_path: Path) -> None:
    digests = []
    for text in ('base = "a"', '\nbase = "a"', 'base = "b"'):
        (tmp_path / "loracfg.toml").write_text(text)
        options = read_settings(tmp_path / "loracfg.toml").options_for()
        digests.append(options_digest(options))
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.slow
def test_another_base_judges_again(fleet: Path, base: Path, tmp_path: Path) -> None:
    run(tmp_path / "out", fleet, base=str(base))
    (base / "config.json").write_text((base / "config.json").read_text() + "\n")
    assert run(tmp_path / "out", fleet, base=str(base)).progress.judged == 9
    (base / "model.safetensors").unlink()
    assert run(tmp_path / "out", fleet, base=str(base)).progress.judged == 9


def test_a_base_that_appears_judges_again(tmp_path: Path) -> None:
    named = tmp_path / "named"
    line = f"config {json.dumps({'base_model_name_or_path': str(named)})}"
    write_adapter(tmp_path / "fleet/a", line)
    run(tmp_path / "out", tmp_path / "fleet")
    assert [row["status"] for row in rows_of(tmp_path / "out")] == ["undetermined"]
    write_base(named)
    assert run(tmp_path / "out", tmp_path / "fleet").progress.judged == 1
    assert [row["status"] for row in rows_of(tmp_path / "out")] == ["valid"]


@pytest.mark.slow
def test_what_may_be_readable_now_is_tried_again(tmp_path: Path) -> None:
    folder, named = write_adapter(tmp_path / "fleet/a"), tmp_path / "base"
    for _ in range(2):
        assert run(tmp_path / "out", folder, base=str(named)).progress.judged == 1
        (row,) = rows_of(tmp_path / "out")
        assert (row["status"], row["codes"][0]["code"]) == ("error", "LC005")
    out, absent = tmp_path / "absent", tmp_path / "none"
    assert [run(out, absent).progress.judged for _ in range(2)] == [1, 1]


def test_what_has_no_adapter_is_tried_again_once_it_has_changed(tmp_path: Path) -> None:
    empty, archive = tmp_path / "empty", tmp_path / "a.zip"
    empty.mkdir()
    archive.write_bytes(b"PK\x03\x04, and then nothing")
    out = tmp_path / "out"
    assert run(out, empty, archive).progress.errors == {"LC002": 1, "LC008": 1}
    again = run(out, empty, archive).progress
    assert (again.judged, again.unchanged) == (0, 2)
    write_adapter(empty)
    assert run(out, empty, archive).progress.judged == 1


def test_an_adapter_whose_process_ended_is_judged_again(fleet: Path, tmp_path: Path) -> None:
    judge, options = own_state(), Options()
    (listed, *_) = listed_below(fleet, Excluded(()))
    rows = died("judge", ToJudge(listed.name, options, fleet), "was ended by SIGKILL")
    reuse = Reuse("run", judge, lambda _: None)
    known = reuse.known(listed.key, listed.version, options, b"content", rows)
    assert (known.version, known.content) == (None, None)


@pytest.fixture
def changed_rule(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that makes this loracfg one with a different rule."""

    def change(code: str) -> None:
        own = judge_state.own_state()
        rules = {**own.rules, code: "different"}
        state = JudgeState(own.core if code in own.rules else "different", rules)
        monkeypatch.setattr("loracfg.audit.audit.own_state", lambda: state)

    return change


@pytest.mark.slow
def test_a_changed_rule_judges_what_it_can_concern(
    fleet: Path, tmp_path: Path, changed_rule: Callable[[str], None]
) -> None:
    out = tmp_path / "out"
    run(out, fleet)
    changed_rule("LC012")  # of configs that end in the middle
    again = run(out, fleet)
    assert (again.progress.judged, again.progress.unchanged) == (1, 8)
    changed_rule("core")
    assert run(out, fleet).progress.judged == 9


def test_earlier_runs_have_no_parquet_files(fleet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first, second = run(out, fleet).run, run(out, fleet).run
    assert first < second
    runs = run_files(out)
    assert [(one.name, one.is_finished) for one in runs] == [(first, True), (second, True)]
    found = [row for path in out.rglob("*.parquet") for row in parquet.read_table(path).to_pylist()]
    assert (len(found), {row["run"] for row in found}) == (9, {second})
    older = parquet.read_table(runs[0].parts[0]).to_pylist()
    assert (len(older), {row["run"] for row in older}) == (9, {first})


def test_what_is_listed_twice_has_one_row(fleet: Path, tmp_path: Path) -> None:
    run(tmp_path / "out", fleet, fleet / "a1", fleet)
    assert len(rows_of(tmp_path / "out")) == 9


def test_an_archive_has_a_row_for_each(fleet: Path, tmp_path: Path) -> None:
    import shutil

    path = shutil.make_archive(str(tmp_path / "all"), "zip", fleet)
    out = tmp_path / "out"
    run(out, path)
    rows = rows_of(out)
    assert [row["source"] for row in rows] == [f"{path}/a{n}" for n in range(9)]
    assert {row["listed_as"] for row in rows} == {path}
    assert run(out, path).progress.judged == 0
    assert rows_of(out) == rows


def test_progress_counts_what_is_in_archives(fleet: Path, tmp_path: Path) -> None:
    import shutil

    path = shutil.make_archive(str(tmp_path / "all"), "zip", fleet)
    command = ("audit", path, fleet / "a1", "--output", tmp_path / "out", "--isolated", "-j", "1")
    assert call(*command).err.startswith("10 of 10 · ")
    assert call(*command).err.startswith("10 of 10 · ")
    progress = Progress()
    progress.listed = 4
    progress.add_resumed(9)
    assert progress.line().startswith("9 of 12 or more · ")
    progress.add_unchanged(1)
    progress.is_listed = True
    assert progress.line().startswith("10 of 12 · ")


def test_what_cannot_be_read_has_a_row(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    names = [str(tmp_path / "absent"), str(tmp_path / "empty"), "http:///x", "org/name"]
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(names))
    run(tmp_path / "out", listed)
    rows = rows_of(tmp_path / "out")
    assert sorted(row["source"] for row in rows) == sorted(names)
    assert {row["status"] for row in rows} == {"error"}
    assert all(row["reason"] and row["codes"] for row in rows)


def test_what_a_process_died_of_is_a_reason(tmp_path: Path) -> None:
    task = ToJudge(str(tmp_path), Options(), tmp_path)
    (found,) = table_of([one.row for one in died("judge", task, "was killed")]).to_pylist()
    assert (found["status"], [one["code"] for one in found["codes"]]) == ("error", ["LC901"])
    assert found["reason"] == "the process that judged it was killed"


def test_odd_names_and_texts(tmp_path: Path) -> None:
    odd = tmp_path / "fleet" / "a\udcff\n"
    write_adapter(odd, 'config {"note": "\\ud800"}')
    run(tmp_path / "out", tmp_path / "fleet")
    (row,) = rows_of(tmp_path / "out")
    assert row["source"].startswith(str(tmp_path))


def test_one_audit_at_a_time(fleet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(out, fleet)
    with sqlite3.connect(out / "known.sqlite") as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LoracfgError, match="another audit writes"):
            run(out, fleet)
    other.close()


def test_the_command(fleet: Path, tmp_path: Path) -> None:
    metrics = tmp_path / "loracfg.prom"
    more = ("--isolated", "-j", "1", "--metrics", metrics)
    outcome = call("audit", fleet, "--output", tmp_path / "out", *more)
    assert (outcome.status, outcome.out) == (0, "")
    assert outcome.err.startswith("9 of 9 · ")
    lines = metrics.read_text().splitlines()
    assert 'loracfg_audit_adapters{how="judged"} 9' in lines
    assert 'loracfg_audit_judged{status="invalid"} 2' in lines
    assert [line for line in lines if not line.startswith("#")]
    outcome = call("audit", "run", fleet, "--output", tmp_path / "out", *more)
    assert "9 unchanged" in outcome.err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are those of POSIX")
def test_a_full_disk_stops_a_run_which_then_goes_on(fleet: Path, tmp_path: Path) -> None:
    import resource
    import subprocess

    for number in range(9, 60):
        write_adapter(fleet / f"a{number}")
    command = [sys.executable, "-m", "loracfg", "audit", str(fleet), "--isolated", "-q", "-j", "1"]
    command += ["--output", str(tmp_path / "out")]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    full = subprocess.run(command, preexec_fn=limit, env=env, capture_output=True, check=False)
    assert (full.returncode, full.stdout) == (2, b"")
    assert b"cannot write" in full.stderr
    assert b"then run the same command again" in full.stderr
    assert subprocess.run(command, env=env, check=False).returncode == 0
    assert len({row["source"] for row in rows_of(tmp_path / "out")}) == 60


@pytest.mark.usefixtures("interruptible")
def test_interrupted(fleet: Path, tmp_path: Path) -> None:
    import signal
    import subprocess

    command = [sys.executable, "-m", "loracfg", "audit", "-", str(fleet), "--isolated"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [*command, "--output", str(tmp_path / "out"), "-j", "1"],
        env=env,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    import time

    deadline = time.monotonic() + 60
    while not (tmp_path / "out/known.sqlite").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.stdin is not None
    process.stdin.close()
