"""JUnit XML is valid against the schema of Jenkins' xunit plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, fromstring

import pytest
import xmlschema
from hypothesis import given

from loracfg.report.render import render
from tests.report.samples import ERROR, FILTERED, INVALID, SAMPLES, UNDETERMINED
from tests.report.strategies import reports

if TYPE_CHECKING:
    from loracfg.report.report import AdapterReport, Report

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "data" / "junit-10.xsd"))


def _suite(report: Report) -> Element:
    root = fromstring(render(report, "junit").encode())  # noqa: S314  # our own output
    SCHEMA.validate(root)
    (suite,) = root
    return suite


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_are_valid(sample: str) -> None:
    assert _suite(SAMPLES[sample]).get("tests") == str(len(SAMPLES[sample].adapters))


def passes(adapter: AdapterReport) -> bool:
    """Tell whether all errors of an invalid adapter are hidden."""
    hides = adapter.hidden.errors > 0 and not adapter.count("error")
    return adapter.status == "invalid" and hides


def test_an_adapter_whose_errors_are_hidden_does_not_fail() -> None:
    suite = _suite(FILTERED)
    assert suite.get("failures") == "0"
    (case,) = suite
    assert [child.tag for child in case] == ["system-out"]
    assert "hidden by `select` or `ignore`: 2 errors, 1 info" in str(case.findtext("system-out"))


@given(reports)
def test_every_report_is_valid_and_counts_add_up(report: Report) -> None:
    suite = _suite(report)
    assert len(suite) == len(report.adapters)
    for attribute, tag, status in (
        ("failures", "failure", "invalid"),
        ("errors", "error", "error"),
        ("skipped", "skipped", "undetermined"),
    ):
        number = sum(a.status == status and not passes(a) for a in report.adapters)
        assert suite.get(attribute) == str(number)
        assert len(suite.findall(f"testcase/{tag}")) == number


def test_all_errors_are_in_one_failure_and_warnings_in_the_output() -> None:
    bad, good = _suite(INVALID)
    (failure,) = bad.findall("failure")
    assert failure.get("type") == "LC503"
    assert failure.get("message") == "the tensors have rank 16, but `r` is 8, and 1 more error"
    assert "LC503" in str(failure.text)
    assert "LC603" in str(failure.text)
    assert "LC311" not in str(failure.text)
    assert "LC311" in str(bad.findtext("system-out"))
    assert [child.tag for child in good] == ["system-out"]


def test_skipped_gives_the_reasons() -> None:
    (case,) = _suite(UNDETERMINED)
    skipped = case.find("skipped")
    assert skipped is not None
    assert "not checked: shapes (no base model was given)" in str(skipped.get("message"))


def test_error_says_what_happened() -> None:
    messages = [case.get("message") for case in _suite(ERROR).iter("error")]
    assert messages == [
        "the file is a Git LFS pointer, not the file itself",
        "the directory has no `adapter_config.json`",
    ]
