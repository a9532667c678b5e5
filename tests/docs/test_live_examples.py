"""What the site shows for the examples on the pages of rules."""

from __future__ import annotations

import json
import re
from typing import Final

import pytest

from docs.website.__main__ import main
from docs.website.live_examples import MOST, live_examples
from loracfg.rules.registry import own_rules
from tests.cli.running import ROOT

TITLE: Final = re.compile(r"(?m)^\*\*(?:Reported|Not reported)\*\*: ")
"""What `docs/assets/live-examples.js` puts the editors below."""
SHOWN: Final = {rule.code: live_examples(rule.page) for rule in own_rules()}


def test_titles_on_the_page_are_those_of_the_examples() -> None:
    different = [
        code
        for code, shown in SHOWN.items()
        if len(TITLE.findall((ROOT / f"docs/rules/{code}.md").read_text("utf-8"))) != len(shown)
    ]
    assert different == []


def test_most_rules_have_a_live_example() -> None:
    with_one = [code for code, shown in SHOWN.items() if any("body" in one for one in shown)]
    assert len(with_one) > 0.8 * len(SHOWN)
    assert max(len(json.dumps(shown)) for shown in SHOWN.values()) < MOST


def test_all_others_have_a_reason() -> None:
    others = [one for shown in SHOWN.values() for one in shown if "body" not in one]
    assert others
    assert [one for one in others if not one["reason"] or one["reason"].endswith(".")] == []


@pytest.mark.parametrize(
    ("code", "number"), [("LC003", 0), ("LC633", 0), ("LC631", 0), ("LC624", 0)]
)
def test_examples_without_a_config_and_with_special_bases(code: str, number: int) -> None:
    assert "body" in SHOWN[code][number]


@pytest.mark.parametrize(
    ("code", "number", "line"),
    [
        ("LC503", 0, '  "r": 8,'),
        ("LC503", 1, '  "rank_pattern": {},'),
        ("LC503", 3, '  "rank_pattern": {'),
        ("LC602", 0, "{"),
    ],
)
def test_first_line_that_was_edited(code: str, number: int, line: str) -> None:
    shown = SHOWN[code][number]
    lines = shown["body"]["config"].splitlines()
    assert lines[shown["line"] - 1] == line


def test_without_node_the_build_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("docs.website.live_examples.has_node", lambda: False)
    assert main(["--live"]) == 1
    said = capsys.readouterr().err
    assert "node is not installed" in said
    assert "leave out `--live`" in said
