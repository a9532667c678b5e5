"""Reports on new releases: what is newer than known, what is missing, which tests fail."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.cli.running import ROOT
from tests.newest.__main__ import COMPARING
from tests.newest.known import Known, known
from tests.newest.report import Comparison, report

KNOWN: Final = [Known("peft", "0.9.0", "one"), Known("vllm", "0.33.0", "two")]


def test_nothing_new_is_an_empty_report() -> None:
    newest = {"peft": "0.9.0", "vllm": "0.33.0"}
    assert report(KNOWN, newest, None) == report(KNOWN, newest, Comparison(True, "1 passed")) == ""


def test_versions_are_compared_as_numbers() -> None:
    assert "| `peft` | 0.9.0 | 0.10.0 | one |" in report(
        KNOWN, {"peft": "0.10.0", "vllm": "0.4"}, None
    )


def test_a_package_that_is_not_found_is_named() -> None:
    assert report(KNOWN, {"peft": "0.9.0"}, None) == "Not found on the index: `vllm`.\n"


def test_failing_tests_are_shown() -> None:
    newest = {"peft": "0.9.0", "vllm": "0.33.0"}
    assert "\n2 failed\n" in report(KNOWN, newest, Comparison(False, "2 failed"))


def test_known_releases_and_guides_are_found() -> None:
    found = {one.package: one for one in known()}
    assert {"axolotl", "diffusers", "peft", "sglang", "transformers", "trl", "vllm"} <= found.keys()
    guides = {one.guide for one in found.values()}
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [guide for guide in guides if f"## {guide}\n" not in text] == []


def test_the_tests_that_compare_exist() -> None:
    assert [name for name in COMPARING if not Path(ROOT, name).exists()] == []
