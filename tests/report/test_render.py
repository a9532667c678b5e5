"""Properties of every format."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.report.formats import FORMATS
from loracfg.report.render import render
from loracfg.report.report import Report
from tests.report.strategies import reports


def test_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="`yaml` is not a format; use one of text, concise, json"):
        render(Report("1", ()), "yaml")


@given(reports, st.sampled_from([*FORMATS]))
def test_rendering_twice_gives_the_same_text_which_can_be_written(
    report: Report, format_: str
) -> None:
    text = render(report, format_)
    assert text == render(report, format_)
    assert text.encode("utf-8").decode("utf-8") == text
    assert not text or text.endswith("\n")


@given(reports, st.sampled_from([*FORMATS]))
def test_nothing_unprintable_gets_out(report: Report, format_: str) -> None:
    lines = render(report, format_).split("\n")
    assert [line for line in lines if not line.isprintable()] == []


@pytest.mark.parametrize("format_", FORMATS)
def test_only_the_renderer_in_use_is_imported(format_: str) -> None:
    code = f"""
import sys
from loracfg.report.report import Report
from loracfg.report.formats import FORMATS
from loracfg.report.render import render
render(Report("1", ()), {format_!r})
print(*(f.name for f in FORMATS.values() if f"loracfg.report.render.{{f.module}}" in sys.modules))
print("xml.etree.ElementTree" in sys.modules, "json" in sys.modules)
"""
    result = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    loaded, others = result.stdout.splitlines()
    assert loaded == format_
    if FORMATS[format_].for_terminals:
        assert others == "False False"
