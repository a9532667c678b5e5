"""Phrases that messages share, with one, few and many items."""

from __future__ import annotations

import pytest

from loracfg.adapter.header.tensor import Shape
from loracfg.analysis.phrases import (
    common_end,
    listed,
    pattern_of_part,
    plural,
    shaped,
    with_verb,
)


@pytest.mark.parametrize(
    ("items", "limit", "words"),
    [
        ("a", 3, "`a`"),
        ("ab", 3, "`a` and `b`"),
        ("abc", 3, "`a`, `b` and `c`"),
        ("abcd", 3, "`a`, `b`, `c` and `d`"),
        ("abcde", 3, "`a`, `b`, `c` and 2 more"),
        ("abcdef", 1, "`a` and 5 more"),
        ("ab", 1, "`a` and `b`"),
    ],
)
def test_lists(items: str, limit: int, words: str) -> None:
    assert listed(items, limit) == words
    assert (listed(items) == words) is (limit == 3 or items == "ab")


@pytest.mark.parametrize(("count", "end"), [(0, "s"), (1, ""), (2, "s"), (3, "s")])
def test_counts(count: int, end: str) -> None:
    assert plural(count, "tensor") == f"{count} tensor{end}"


@pytest.mark.parametrize(("verb", "singular"), [("are", "is"), ("have", "has"), ("hold", "holds")])
def test_counts_with_a_verb(verb: str, singular: str) -> None:
    words = [with_verb(count, "layer", verb) for count in range(3)]
    assert words == [f"0 layers {verb}", f"1 layer {singular}", f"2 layers {verb}"]


@pytest.mark.parametrize(
    ("shape", "words"),
    [((), "`()`"), ((4,), "`(4,)`"), ((4, 16), "`(4, 16)`"), ((4, 3, 3), "`(4, 3, 3)`")],
)
def test_shapes(shape: Shape, words: str) -> None:
    assert shaped(shape) == words


def test_pattern_of_a_part() -> None:
    assert pattern_of_part("model.vision_tower") == ".*model[.]vision_tower.*"


@pytest.mark.parametrize(
    ("paths", "end"),
    [
        (["a.b.q"], "q"),
        (["a.b.q", "a.c.q"], "q"),
        (["a.b.q", "a.b.v"], "a.b.q"),
        (["a.b.q", "a.b.v", "a.b.q"], "a.b.q"),
        (["q"], "q"),
    ],
)
def test_common_end_of_paths(paths: list[str], end: str) -> None:
    assert common_end(paths) == end
