"""Which paths a pattern matches, and which texts are no pattern."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.settings.keys import GLOBS
from loracfg.sources.globs import escaped, matches


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("adapters/qwen/*", "adapters/qwen/a", True),
        ("adapters/qwen/*", "adapters/qwen/a/checkpoint-1", True),
        ("adapters/qwen/*", "adapters/qwen", False),
        ("adapters/qwen/*", "adapters/llama/a", False),
        ("adapters/qwen/*", "more/adapters/qwen/a", False),
        ("adapters/qwen", "adapters/qwen/a", True),
        ("./adapters/qwen/", "adapters/qwen", True),
        ("adapters/q*n", "adapters/qwen", True),
        ("adapters/q*n", "adapters/q/n", False),
        ("qwen", "qwen", True),
        ("qwen", "adapters/qwen/a", True),
        ("qwen", "adapters/qwen2/a", False),
        ("qwen-?", "adapters/qwen-1", True),
        ("qwen-[12]", "qwen-2", True),
        ("qwen-[!12]", "qwen-2", False),
        ("qwen-[0-9]", "qwen-7", True),
        ("qwen-[9-0]", "qwen-7", False),
        ("qwen-[[]1[]]", "qwen-[1]", True),
        ("qwen-[[]1[]]", "qwen-1", False),
        ("qwen-[!]]", "qwen-]", False),
        ("**/qwen", "qwen", True),
        ("**/qwen", "a/b/qwen", True),
        ("a/**/qwen", "a/qwen", True),
        ("a/**/qwen", "a/b/c/qwen/d", True),
        ("a/**", "a/b", True),
        ("a/**", "a", False),
        ("**", "a", True),
        ("Qwen", "qwen", False),
        ("qwen", ".", False),
    ],
)
def test_matches(pattern: str, path: str, expected: bool) -> None:
    assert re.search(GLOBS, pattern)
    assert matches(pattern, () if path == "." else path.split("/")) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/a",
        "a//b",
        "../a",
        "a/..",
        ".",
        "a\\b",
        "a/b**",
        "**a",
        "a[",
        "a]",
        "[]",
        "a\n",
        "[a/b]",
    ],
)
def test_no_pattern(text: str) -> None:
    assert not re.search(GLOBS, text)


@given(st.lists(st.text("ab*?", min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_pattern_matches_what_is_below_it(steps: list[str]) -> None:
    pattern = "/".join(steps)
    if re.search(GLOBS, pattern):
        named = [step.replace("**", "a").replace("*", "a").replace("?", "b") for step in steps]
        assert matches(pattern, named)
        assert matches(pattern, [*named, "below"])


@given(st.text("ab*?[]!^-", min_size=1, max_size=6))
def test_an_escaped_path_is_a_pattern_that_only_matches_it(path: str) -> None:
    assert re.search(GLOBS, escaped(path))
    assert matches(escaped(path), [path])
    assert not matches(escaped(path), [f"{path}a"])
