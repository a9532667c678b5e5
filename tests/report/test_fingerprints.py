"""Fingerprints: a finding keeps its fingerprint, and no two findings share one."""

from __future__ import annotations

from hypothesis import given

from loracfg.report.render.findings import findings
from loracfg.report.report import Location, Region, Report
from tests.report.samples import INVALID, Q_PROJ, WEIGHTS
from tests.report.strategies import reports

ADAPTER = INVALID.adapters[0]
RANK, SHAPE, TARGET = ADAPTER.diagnostics


def _of(*diagnostics: object) -> list[str]:
    adapter = ADAPTER._replace(diagnostics=diagnostics)  # type: ignore[arg-type]
    return [fingerprint for _, _, fingerprint in findings(Report("1", (adapter,)))]


@given(reports)
def test_no_two_findings_share_one(report: Report) -> None:
    seen = [fingerprint for _, _, fingerprint in findings(report)]
    assert len(set(seen)) == len(seen)


def test_lines_wording_and_other_findings_do_not_matter() -> None:
    moved = Location(RANK.location.file, RANK.location.pointer, Region(30, 2, 30, 3))
    changed = RANK._replace(location=moved, message="reworded", count=3, severity="warning")
    assert _of(SHAPE, changed, TARGET)[1] == _of(RANK)[0]


def test_code_file_key_and_tensor_matter() -> None:
    variants = [
        RANK,
        RANK._replace(code="LC504"),
        RANK._replace(location=RANK.location._replace(pointer="/lora_alpha")),
        RANK._replace(location=Location(WEIGHTS, tensor=Q_PROJ)),
        RANK._replace(location=Location(WEIGHTS, tensor=Q_PROJ.replace("lora_A", "lora_B"))),
    ]
    alone = [_of(variant)[0] for variant in variants]
    assert len(set(alone)) == len(variants)


def test_path_spelling_does_not_matter() -> None:
    def of(path: str) -> list[str]:
        return [f for _, _, f in findings(Report("1", (ADAPTER._replace(path=path),)))]

    assert of("adapters/bad") == of("./adapters//bad/")
    assert of("adapters/bad") != of("adapters/worse")
