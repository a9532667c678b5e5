"""`--baseline` and `--write-baseline`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from loracfg.report.formats import FORMATS
from tests.cli.running import call, run, write_adapter
from tests.cli.test_filters import FACTS, report_of
from tests.schema.reading import errors, validator

BROKEN = 'config {"r": 8}'
LOOSE = 'config {"fan_in_fan_out": null}'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two adapters and a baseline of both; the current one."""
    write_adapter(tmp_path / "one", BROKEN, LOOSE)
    write_adapter(tmp_path / "two", BROKEN)
    monkeypatch.chdir(tmp_path)
    outcome = call("validate", "one", "two", "--write-baseline", "baseline.json")
    assert (outcome.status, outcome.err) == (0, "wrote `baseline.json` with 3 findings\n")
    assert "accepted by the baseline: 1 error, 1 warning\n" in outcome.out
    return tmp_path


def test_accepted_findings_do_not_count(project: Path) -> None:
    outcome = call("validate", "one", "two", "--baseline", "baseline.json", "--fail-on", "warning")
    assert (outcome.status, outcome.err) == (0, "")
    assert "2 adapters: 2 invalid (3 hidden)" in outcome.out
    assert call("validate", "one").status == 1
    write_adapter(project / "one", BROKEN, LOOSE, 'config {"target_modules": []}')
    outcome = call("validate", "one", "--baseline", "baseline.json", "--format", "concise")
    assert outcome.status == 1
    assert "LC301" in outcome.out
    assert "LC503" not in outcome.out


@pytest.mark.usefixtures("project")
def test_a_baseline_changes_no_fact() -> None:
    whole = report_of("one")
    (before,) = whole["adapters"]
    (after,) = report_of("one", "--baseline", "baseline.json")["adapters"]
    assert {key: after[key] for key in FACTS} == {key: before[key] for key in FACTS}
    assert after["hidden"] == after["accepted"] == {"errors": 1, "warnings": 1, "infos": 0}
    assert "accepted" not in before
    (both,) = report_of("one", "--baseline", "baseline.json", "--ignore", "LC503")["adapters"]
    assert both["hidden"] == {"errors": 1, "warnings": 1, "infos": 0}
    assert both["accepted"] == {"errors": 0, "warnings": 1, "infos": 0}


@pytest.mark.usefixtures("project")
def test_the_report_fits_its_schema() -> None:
    report = report_of("one", "--baseline", "baseline.json")
    assert errors(validator("report.schema.json"), report) == []


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_what_is_hidden(name: str) -> None:
    out = call("validate", "one", "--baseline", "baseline.json", "--format", name).out
    assert ("hidden" if name in _COUNT_ONLY else "accepted") in out


_COUNT_ONLY = ("concise", "junit")


def test_paths_are_relative_to_the_baseline(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "below").mkdir()
    monkeypatch.chdir(project / "below")
    assert call("validate", "../one", "--baseline", "../baseline.json").status == 0
    assert call("validate", project / "one", "--baseline", "../baseline.json").status == 0
    call("validate", "../one", "--write-baseline", "own.json")
    data = json.loads((project / "below" / "own.json").read_text())
    assert {one["path"] for one in data["findings"]} == {"../one"}


def test_the_file_can_name_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "loracfg.toml").write_text('baseline = "baseline.json"\n')
    assert call("validate", "one").status == 0
    monkeypatch.chdir(project / "one")
    assert call("validate", ".").status == 0
    assert call("validate", ".", "--isolated").status == 1


def test_stale_entries(project: Path) -> None:
    write_adapter(project / "one", LOOSE)
    outcome = call("validate", "one", "--baseline", "baseline.json")
    assert outcome.status == 0
    assert outcome.err == (
        "no longer found: LC503 in one: adapter_config.json /r\n"
        "1 entry of `baseline.json` no longer matches a finding; run with `--write-baseline "
        "baseline.json` to remove it\n"
    )
    shutil.rmtree(project / "two")
    outcome = call("validate", "one", "--baseline", "baseline.json")
    assert "no longer found: LC503 in two: adapter_config.json /r\n" in outcome.err
    assert "2 entries of `baseline.json` no longer match a finding; run " in outcome.err
    outcome = call("validate", "one", "--baseline", "baseline.json", "--ignore", "LC503")
    assert "in two" in outcome.err
    assert "in one" not in outcome.err
    outcome = call("validate", "one", "--write-baseline", "baseline.json")
    assert outcome.err == "wrote `baseline.json` with 1 finding\n"
    assert call("validate", "one", "--baseline", "baseline.json").err == ""


def test_many_stale_entries_are_counted(project: Path) -> None:
    data = json.loads((project / "baseline.json").read_text())
    data["findings"] = [data["findings"][0] | {"count": number} for number in range(30)]
    (project / "baseline.json").write_text(json.dumps(data))
    outcome = call("validate", "one", "--baseline", "baseline.json")
    assert outcome.err.count("no longer found: ") == 10
    assert "\n29 entries of" in outcome.err


@pytest.mark.usefixtures("project")
def test_writing_keeps_the_entries_of_others() -> None:
    outcome = call("validate", "one", "--select", "LC1", "--write-baseline", "baseline.json")
    assert outcome.err == "wrote `baseline.json` with 3 findings\n"
    assert call("validate", "one", "two", "--baseline", "baseline.json").status == 0


def test_what_cannot_be_read_is_never_accepted(project: Path) -> None:
    outcome = call("validate", "none", "--write-baseline", "other.json")
    assert (outcome.status, outcome.err) == (2, "wrote `other.json` with 0 findings\n")
    assert call("validate", "none", "--baseline", "other.json").status == 2
    assert json.loads((project / "other.json").read_text())["findings"] == []


@pytest.mark.usefixtures("project")
def test_what_cannot_be_done() -> None:
    outcome = run("validate", "one", "--baseline", "none.json")
    assert (outcome.status, outcome.out, outcome.err) == (
        2,
        "",
        "loracfg: cannot read the baseline `none.json`: No such file or directory; create it with "
        "`--write-baseline`\n",
    )
    outcome = call("validate", "one", "--write-baseline", "no/folder.json")
    assert outcome.status == 2
    assert "loracfg: cannot write `no/folder.json`" in outcome.err
    server = "http://localhost:1"
    outcome = call("validate", "one", "--baseline", "baseline.json", "--server", server)
    assert (outcome.status, outcome.err) == (
        2,
        "loracfg: baselines do not work with `--server`; leave out one of them (`--isolated` "
        "ignores `loracfg.toml`)\n",
    )
