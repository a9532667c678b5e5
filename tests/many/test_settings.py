"""Adapters that a search finds have the settings of their paths, in one process and in several."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import loracfg
from tests.cli.running import call, write_adapter

UNKNOWN_KEY = 'config {"unknown": 1}'
SETTINGS = """
exclude = ["old/*", "scratch"]
[paths]
"some/*" = { ignore = ["LC101"] }
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("some/one", "some/two", "others/one", "old/one", "others/scratch"):
        write_adapter(tmp_path / name, UNKNOWN_KEY)
    (tmp_path / "loracfg.toml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*arguments: str) -> dict[str, list[str]]:
    """Return the codes of each adapter."""
    outcome = call("validate", *arguments, "--format", "json")
    return {
        one["path"]: [diagnostic["code"] for diagnostic in one["diagnostics"]]
        for one in json.loads(outcome.out)["adapters"]
    }


NOTHING: dict[str, list[str]] = {"others/one": [], "some/one": [], "some/two": []}
ALL = NOTHING | {"others/one": ["LC101"]}


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_paths_have_their_settings(project: Path, jobs: str) -> None:
    assert found("-j", jobs) == ALL
    assert found("-j", jobs, "--select", "LC7") == NOTHING


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_library_has_them_too(project: Path, jobs: int) -> None:
    report = loracfg.read_settings().validate(["."], jobs=jobs)
    assert {one.path: [d.code for d in one.diagnostics] for one in report.adapters} == ALL


def test_excluded_paths_begin_at_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "others")
    assert [Path(path).resolve() for path in found("..")] == [project / name for name in ALL]


def test_options_exclude_something_else(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = ["old/one", "others/scratch", *ALL]
    assert [*found("--exclude", "nothing")] == sorted(everything)
    monkeypatch.chdir(project / "others")
    assert [*found("--exclude", "one")] == ["scratch"]


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_baseline_accepts_what_several_processes_find(project: Path, jobs: str) -> None:
    assert found("-j", jobs, "--write-baseline", "known.json") == NOTHING
    write_adapter(project / "some" / "three", "drop q_proj.lora_B")
    after = found("-j", jobs, "--baseline", "known.json")
    assert after.pop("some/three")
    assert after == NOTHING


def test_a_baseline_without_its_findings_is_stale(project: Path) -> None:
    call("validate", "--write-baseline", "known.json")
    write_adapter(project / "others" / "one")
    outcome = call("validate", "--baseline", "known.json", "--statistics")
    assert "1 entry of `known.json` no longer matches a finding" in outcome.err
