"""Text from files is printed so that it commands neither a terminal nor a CI system."""

from __future__ import annotations

import pytest

from loracfg.report.render.words import visible, visible_diff


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::stop-commands::token", r"\x3a:stop-commands::token"),
        ("  ::error::x", r"  \x3a:error::x"),
        ("a ##vso[task.setvariable variable=X]y", r"a \x23#vso[task.setvariable variable=X]y"),
        ("##VSO[x]", r"\x23#VSO[x]"),
        ("###[add-mask]a", r"#\x23#[add-mask]a"),
        ("##teamcity[setParameter name='env.X']", r"\x23#teamcity[setParameter name='env.X']"),
        ("a\n::error::x", r"a\n::error::x"),
        ("std::move", "std::move"),
        ("## [1] and ##", "## [1] and ##"),
    ],
)
def test_commands_of_ci_systems_are_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_diff_keeps_what_programs_need() -> None:
    diff = "--- a b\t\n+++ a b\t\n@@ -1 +1 @@\n-\t{}\r\n+\t[]\r\n"
    assert visible_diff(diff) == diff


def test_a_diff_has_no_control_characters() -> None:
    assert visible_diff("-a\rb\x9b\n+\u202e\x7f\n") == "-a\\rb\\x9b\n+\\u202e\\x7f\n"
