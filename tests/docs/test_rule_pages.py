"""The page of each rule shows what is found in its examples today."""

from __future__ import annotations

import pytest

from docs.rule_pages import page_of
from loracfg.rules.registry import all_rules
from loracfg.rules.rule import Rule
from tests.cli.running import ROOT


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_page_is_up_to_date(rule: Rule) -> None:
    page = ROOT / f"docs/rules/{rule.code}.md"
    assert page.read_text(encoding="utf-8") == page_of(rule), "run docs/generate.py"
