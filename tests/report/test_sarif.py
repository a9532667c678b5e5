"""SARIF is valid against the OASIS schema and has what code scanning needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from loracfg.report.render import render
from loracfg.report.report import AdapterReport, Diagnostic, Location, Report
from tests.report.samples import ERROR, HOSTILE, INVALID, Q_PROJ, SAMPLES, UNDETERMINED, VALID
from tests.report.strategies import reports

SCHEMA = Path(__file__).parent / "data" / "sarif-2.1.0.schema.json"
VALIDATOR = Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _run(report: Report) -> dict[str, Any]:
    log = json.loads(render(report, "sarif"))
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    run: dict[str, Any] = log["runs"][0]
    return run


def test_the_schema_rejects_invalid_files() -> None:
    log = json.loads(render(INVALID, "sarif"))
    log["runs"][0]["results"][0]["level"] = "info"
    assert not VALIDATOR.is_valid(log)


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_are_valid(sample: str) -> None:
    run = _run(SAMPLES[sample])
    assert len(run["results"]) == sum(len(a.diagnostics) for a in SAMPLES[sample].adapters)


@given(reports)
def test_every_report_is_valid(report: Report) -> None:
    run = _run(report)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii()
        assert urlsplit(uri).scheme in ("", "file")
    prints = [result["partialFingerprints"]["loracfg/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_region_tensor_and_related_place() -> None:
    rank, shape, target = _run(INVALID)["results"]
    location = rank["locations"][0]
    assert location["physicalLocation"] == {
        "artifactLocation": {
            "uri": "adapters/bad/adapter_config.json",
            "uriBaseId": "%SRCROOT%",
        },
        "region": {"startLine": 3, "startColumn": 8, "endLine": 3, "endColumn": 9},
    }
    assert rank["occurrenceCount"] == 224
    (related,) = rank["relatedLocations"]
    assert related["logicalLocations"][0]["fullyQualifiedName"] == Q_PROJ
    assert related["message"]["text"] == "shape (16, 4096) here"
    assert shape["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == Q_PROJ
    assert [rank["level"], target["level"]] == ["error", "warning"]


def test_related_places_may_repeat() -> None:
    adapter = INVALID.adapters[0]
    d = adapter.diagnostics[0]._replace(related=adapter.diagnostics[0].related * 2)
    (result,) = _run(Report("1", (adapter._replace(diagnostics=(d,)),)))["results"]
    assert len(result["relatedLocations"]) == 2


def test_rules_that_occur_are_described_once() -> None:
    rules = _run(INVALID)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["LC311", "LC503", "LC603"]
    assert rules[1]["name"] == "rank-mismatch"
    assert rules[1]["helpUri"] == "https://example.org/rules/LC503"
    assert rules[1]["shortDescription"] == {"text": "rank mismatch"}


def test_fingerprint_for_github_only_where_no_line_is_known() -> None:
    rank, shape, _ = _run(INVALID)["results"]
    assert set(rank["partialFingerprints"]) == {"loracfg/v1"}
    assert set(shape["partialFingerprints"]) == {"loracfg/v1", "primaryLocationLineHash"}


def test_unreadable_adapters_are_notified() -> None:
    invocation = _run(ERROR)["invocations"][0]
    assert not invocation["executionSuccessful"]
    notes = invocation["toolExecutionNotifications"]
    assert [note["level"] for note in notes] == ["error", "error"]
    uris = [n["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for n in notes]
    assert uris == ["adapters/pointer/", "adapters/none/"]
    assert _run(VALID)["invocations"][0]["executionSuccessful"]


def test_what_was_not_checked_is_notified() -> None:
    notes = _run(UNDETERMINED)["invocations"][0]["toolExecutionNotifications"]
    assert [note["message"]["text"] for note in notes] == [
        "not checked: shapes (no base model was given)",
        "not checked: target modules (no base model was given)",
    ]


def test_names_form_no_links() -> None:
    assert all("](" not in r["message"]["text"] for r in _run(HOSTILE)["results"])


def test_uris_inside_and_outside_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "repo"
    here.mkdir()
    monkeypatch.chdir(here)

    def artifact(path: str, file: str) -> dict[str, str]:
        d = Diagnostic("LC101", "some-rule", "info", "message", Location(file), help="", url="")
        result = _run(Report("1", (AdapterReport(path, "valid", (d,)),)))["results"][0]
        found: dict[str, str] = result["locations"][0]["physicalLocation"]["artifactLocation"]
        return found

    assert artifact(str(here / "my adapter"), "ä:b#c") == {
        "uri": "my%20adapter/%C3%A4%3Ab%23c",
        "uriBaseId": "%SRCROOT%",
    }
    assert artifact(".", "")["uri"] == "./"
    assert artifact("a", "\udcff")["uri"] == "a/%FF"
    outside = artifact("../other one", "")
    assert set(outside) == {"uri"}
    assert outside["uri"].startswith("file:///")
    assert unquote(urlsplit(outside["uri"]).path) == f"{tmp_path.as_posix()}/other one/"
