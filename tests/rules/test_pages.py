"""The page of every rule: its parts, and its examples, which are validated."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from loracfg import rules
from loracfg.rules.registry import all_rules, find_rule, module_of
from loracfg.rules.rule import Rule
from loracfg.testing.building.examples import Example, examples
from loracfg.testing.building.judging import error_codes, judged

WITHOUT_EXAMPLES: Final = frozenset({"LC001", "LC005", "LC006", "LC008", "LC026", "LC901"})
"""Rules that the files of an adapter cannot trigger, such as a missing path or a crash."""

SEVERAL_CAUSES: Final = {
    "LC308": "the option that was not trained has no tensors",
    "LC309": "the variant that was not trained has no tensors",
    "LC310": "an embedding cannot be trained both ways, so the tensors of one are missing",
    "LC311": "the plan reports it too",
    "LC314": "the plan reports it too",
    "LC414": "the header of the example has no tensors",
    "LC415": "the tensor of the example is for no module",
    "LC416": "the tensor of the example is for no module",
    "LC424": "the tensor of the example is for no module",
    "LC425": "the tensor of the example is for no module",
}
"""Rules with examples in which something else is wrong too."""

CASES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(examples(rule.page))
]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_example(rule: Rule, example: Example) -> None:
    codes = [d.code for d in judged(*example.lines).diagnostics]
    assert (rule.code in codes) == example.fires, codes
    assert "LC901" not in codes


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_one_cause_is_one_error(rule: Rule, example: Example) -> None:
    if rule.severity == "error" and example.fires and rule.code < "LC500":
        errors = error_codes(*example.lines)
        assert errors.count(rule.code) == 1
        assert len(errors) == 1 or rule.code in SEVERAL_CAUSES, errors


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_messages(rule: Rule, example: Example) -> None:
    for diagnostic in judged(*example.lines).diagnostics:
        texts = [diagnostic.message, diagnostic.help, *(r.message for r in diagnostic.related)]
        for text in texts:
            assert text
            assert not text.endswith((".", "!", "\n")), text
            assert text.count("`") % 2 == 0, text
            assert text.isprintable(), text
            assert not re.match("[A-Z][a-z]", text), text


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_page_has_its_parts(rule: Rule) -> None:
    paragraphs = re.split(r"\n\n(?! )", rule.page)
    assert paragraphs[0].endswith(".")
    assert "\n" not in paragraphs[0]
    assert paragraphs[-1].startswith("Repair: ")
    assert rule.page.count("`") % 2 == 0
    fires = [example.fires for example in examples(rule.page)]
    if rule.code not in WITHOUT_EXAMPLES:
        assert {True, False} <= set(fires)
    assert rule.page.count("Fires:") + rule.page.count("Passes:") == len(fires)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_names(rule: Rule) -> None:
    assert re.fullmatch(r"LC\d{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.module == module_of(rule.code, rule.name)
    assert find_rule(rule.name) is rule
    assert find_rule(rule.code.lower()) is rule


def test_every_file_is_a_rule_and_codes_are_in_order() -> None:
    files = {path.stem for path in Path(rules.__path__[0]).rglob("lc*.py")}
    assert files == {rule.module.rpartition(".")[2] for rule in all_rules()}
    assert all(first.code < second.code for first, second in pairwise(all_rules()))
    names = [rule.name for rule in all_rules()]
    assert len(set(names)) == len(names)
