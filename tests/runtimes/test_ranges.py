"""How versions compare, in tables that are made up."""

from __future__ import annotations

import re
from typing import Final

from loracfg.runtimes.versions import (
    is_in,
    is_of,
    listed,
    nearest,
    newest_of,
    parts,
    pattern_of,
)

RELEASES: Final = ("1.9", "1.10", "2.109")


def test_ranges() -> None:
    for version, ranges, expected in [
        ("1.2", "<1.2", False),
        ("1.1", "<1.2", True),
        ("1.2", ">=1.2", True),
        ("1.1", ">=1.2", False),
        ("1.2", "==1.2", True),
        ("1.2.1", "==1.2", False),
        ("1.2", ">=1,<1.2", False),
        ("1.2", ">=1,<1.3", True),
        ("0.9", ">=1,<1.3", False),
        ("1.2.post1", ">=1.2,<1.2.1", True),
        ("9", "", True),
    ]:
        assert is_in(version, ranges) is expected, version


def test_trailing_zeros_of_a_version_are_ignored() -> None:
    assert parts("0") == parts("0.0") == (0,)
    assert parts("1.0.0") == (1,)
    assert parts("0.1.0") == (0, 1)
    assert parts("1.0.2") == (1, 0, 2)
    assert parts("1.2.0.post3") == parts("1.2.post3")
    assert parts("1.2") < parts("1.2.post0") < parts("1.2.post1") < parts("1.2.0.1")
    longest = "1.2.3.4.5.6.7"
    assert parts(longest) < parts(f"{longest}.post1") < parts("1.2.3.4.5.6.8")


def test_lists_of_versions() -> None:
    assert list(listed("0.8.0-2 1.0")) == ["0.8.0", "0.8.1", "0.8.2", "1.0"]
    assert list(listed("0.8.3-3")) == ["0.8.3"]
    assert list(listed("1.2.post1-2")) == ["1.2.post1", "1.2.post2"]
    assert list(listed("9 10")) == ["9", "10"]


def test_series() -> None:
    for release, version, expected in [
        ("0.33.0", "0.33.0", True),
        ("0.33.0", "0.33", True),
        ("0.33.0", "0", True),
        ("0.33.0", "0.3", False),
        ("0.33", "0.33.0", False),
    ]:
        assert is_of(release, version) is expected, version


def test_nearest_releases() -> None:
    for version, near in [
        ("1", ("1.9",)),
        ("1.9", ("1.9", "1.10")),
        ("1.9.1", ("1.9", "1.10")),
        ("1.11", ("1.10", "2.109")),
        ("2.109", ("2.109",)),
        ("3", ("2.109",)),
    ]:
        assert nearest(version, RELEASES) == near, version
        assert nearest(version, RELEASES[::-1]) == near, version
        assert newest_of(RELEASES) == "2.109", version


def test_later_post_releases_match() -> None:
    found = pattern_of(("0.5.2", "0.5.3", "0.5.3.post3"))
    for text in ("0.5.3", "0.5.3.post3", "0.5.3.post4", "0.5.3.post30", "0.5.3.1", "0.5.4", "1"):
        assert re.fullmatch(found, text), text
    for text in ("0.5.3.post2", "0.5.3.post3.1", "0.5.3.post3.post4", "0.5.3.post04", "0.5.1"):
        assert not re.fullmatch(found, text), text


def test_pattern_of_versions() -> None:
    newer = ("2.110", "2.119", "2.200", "2.1000", "2.109.1", "2.109.post0", "3", "3.0.1", "10.0")
    longest = ("999999999", "2.999999999", "3.999999999", "3.0.0.0.0.0.1.post7")
    for text in (*RELEASES, "1", "2", *newer, *longest):
        assert re.fullmatch(pattern_of(RELEASES), text), text
    known = ("1.9.0", "1.9.1", "1.1", "0", "2.9", "2.99", "2.108", "2.0", "2.100", "2.109.0")
    too_long = ("1234567890", "2.1234567890", "3.1234567890", "3.0.0.0.0.0.0.1")
    for text in (
        *known,
        *too_long,
        "02",
        "3.01",
        "x",
        "3.x",
        "",
        "2.109.",
        "2.109.post",
        "3.post01",
    ):
        assert not re.fullmatch(pattern_of(RELEASES), text), text
    for text in ("0", "1.9.0", "2.99", "0.0.1.post2"):
        assert re.fullmatch(pattern_of(()), text)
    assert not re.fullmatch(pattern_of(()), "01")
