"""A module that is missing from an uncertain base proves nothing."""

from __future__ import annotations

from typing import Final

import pytest

from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport
from loracfg.rules.registry import all_rules
from loracfg.testing.building.examples import Example, build, examples
from loracfg.testing.building.judging import adapter_of
from loracfg.testing.building.surroundings import (
    has_values,
    live_of,
    release_of,
    resolved_of,
    runtimes_of,
)

SILENT: Final = frozenset(
    {
        *("LC531", "LC532", "LC533", "LC641"),
        *("LC600", "LC601", "LC602", "LC603", "LC604", "LC617", "LC618", "LC623", "LC625"),
        *(
            "LC627",
            "LC628",
            "LC629",
            "LC630",
            "LC631",
            "LC632",
            "LC633",
            "LC634",
            "LC637",
            "LC639",
            "LC640",
        ),
        *("LC690", "LC691"),
    }
)
"""Rules that report what a base does not have; the others report what it has."""
CASES = [
    pytest.param(example, rule.code, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(examples(rule.page))
    if example.fires and rule.code[:3] in ("LC5", "LC6")
]


def judged(lines: tuple[str, ...]) -> AdapterReport:
    files, base = build(lines)
    resolved = resolved_of(lines, base)._replace(certain=False)
    values = has_values(lines)
    options = Options(data=values, peft=release_of(lines), runtimes=runtimes_of(lines))
    adapter = adapter_of(lines, files)
    live = live_of(lines, adapter.shapes)
    return Engine(options).open_read(adapter, resolved, live=live).report


@pytest.mark.parametrize(("example", "code"), CASES)
def test_only_rules_on_what_a_base_does_not_have_are_silent(example: Example, code: str) -> None:
    codes = {one.code for one in judged(example.lines).diagnostics}
    assert (code in codes) != (code in SILENT)


def test_names_get_no_place_in_an_uncertain_base() -> None:
    (error,) = judged((r"rename ^base_model\.model\.model\. ->",)).diagnostics
    assert "this one to `base_model.model.layers.0.self_attn.q_proj" in error.help
