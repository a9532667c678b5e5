"""A rule that is skipped would have found nothing, with a base and without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.analysis.noted import noted
from loracfg.analysis.subject import Subject
from loracfg.engine.engine import Engine
from loracfg.engine.options import Options
from loracfg.rules.registry import all_rules, import_rules
from loracfg.testing.building.examples import Example, build, examples
from loracfg.testing.building.surroundings import has_values, release_of, resolved_of, runtimes_of

CASES = [
    pytest.param(example, id=f"{rule.code}-{number}")
    for rule in all_rules()
    for number, example in enumerate(examples(rule.page))
    if rule.code != "LC701"  # matching its pattern takes long
]


def subjects(lines: tuple[str, ...]) -> Iterator[Subject]:
    """Yield the subjects of an example, with its base and without one."""
    files, base = build(lines)
    adapter = read_adapter(files, with_values=has_values(lines))
    named = Options(peft=release_of(lines), runtimes=runtimes_of(lines))
    for resolved in (resolved_of(lines, base), resolved_of((), None)):
        yield Engine(named).open_read(adapter, resolved).subject


@pytest.mark.parametrize("example", CASES)
def test_skipped_rules_would_find_nothing_with_or_without_a_base(example: Example) -> None:
    for subject in subjects(example.lines):
        kinds = noted(subject)
        for rule in import_rules():
            if not rule.may_find(kinds):
                assert list(rule.check(subject)) == [], rule.code
