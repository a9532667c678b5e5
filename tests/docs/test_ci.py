"""The workflows of docs/ci.md are YAML, and ask for what the action and the commands have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
import yaml

from loracfg.report.formats import FORMATS
from tests.cli.running import ROOT

PAGE: Final = (ROOT / "docs/ci.md").read_text("utf-8")
BLOCKS: Final = re.findall(r"(?ms)^```yaml\n(.*?)^```$", PAGE)
ACTION: Final[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """Yield all mappings of a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from mappings(inner)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_workflow_asks_for_what_there_is(block: str) -> None:
    steps = list(mappings(yaml.safe_load(block)))
    for step in steps:
        if str(step.get("uses", "")).startswith("loracfg/loracfg@"):
            assert step["with"].keys() <= ACTION["inputs"].keys()
            assert step["with"].get("format", "text") in FORMATS
    for name in re.findall(r"--format (\S+)", block):
        assert name in FORMATS


def test_comments_and_summaries_are_shown() -> None:
    assert any('comment: "true"' in block for block in BLOCKS)
    assert any("GITHUB_STEP_SUMMARY" in block for block in BLOCKS)


def test_the_action_offers_every_format() -> None:
    listed = re.findall(r"\w+", ACTION["inputs"]["format"]["description"].replace(" or ", " "))
    assert listed == [*FORMATS]
