"""The report as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from loracfg.report.render import render
from loracfg.report.report import Report, Scaling
from tests.report.samples import SAMPLES, VALID
from tests.report.strategies import reports


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


@pytest.mark.parametrize("sample", [name for name in SAMPLES if name != "hostile"])
def test_round_trip(sample: str) -> None:
    report = SAMPLES[sample]
    assert json.loads(render(report, "json")) == report.to_dict()


def test_numbers_that_json_cannot_represent_are_null() -> None:
    scaling = Scaling(float("inf"), 2.0)
    report = VALID._replace(adapters=(VALID.adapters[0]._replace(scaling=scaling),))
    data = json.loads(render(report, "json"))
    assert data["adapters"][0]["scaling"] == {"min": None, "max": 2.0}


@given(reports)
def test_every_report_is_strict_ascii_json(report: Report) -> None:
    text = render(report, "json")
    data: dict[str, Any] = json.loads(text, parse_constant=_refuse)
    assert text.isascii()
    assert [a["path"] for a in data["adapters"]] == [a.path for a in report.adapters]
    assert data["summary"] == report.summary()


@pytest.mark.parametrize("command", ["##[add-mask]x", "##vso[task.x]y", "##teamcity[z]"])
def test_nothing_in_it_is_a_command_in_logs(command: str) -> None:
    report = VALID._replace(adapters=(VALID.adapters[0]._replace(path=command),))
    text = render(report, "json")
    assert command[:5] not in text
    assert json.loads(text) == report.to_dict()
