"""Circles are found in graphs."""

from __future__ import annotations

from tests.graphs import circles


def test_circles_are_found() -> None:
    assert circles({"a": "b", "b": "c", "c": "ad", "d": "e", "e": "", "f": "e"}) == [
        ["a", "b", "c"]
    ]
    assert circles({"a": "b", "b": "a", "c": "ad", "d": "c"}) == [["c", "d"], ["a", "b"]]
    assert circles({"a": "bc", "b": "c", "c": ""}) == []
