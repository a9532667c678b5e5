"""Names of releases, and ranges of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loracfg.config.history.releases import (
    FIRST_TO_SAVE,
    PEFT_RELEASE,
    RELEASES,
    at_least,
    between,
    find_release,
    release_of_version,
    specifier,
)
from loracfg.errors import LoracfgError


def test_releases_are_in_order() -> None:
    numbers = [tuple(map(int, release.split("."))) for release in RELEASES]
    assert numbers == sorted(set(numbers))
    assert RELEASES[-1] == PEFT_RELEASE


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("0.12.0", "0.12.0"),
        ("0.12", "0.12.0"),
        ("0.13", "0.13.2"),
        (f"v{PEFT_RELEASE}", PEFT_RELEASE),
        (" 0.6 ", "0.6.2"),
        ("0.0", "0.0.2"),
    ],
)
def test_a_release_is_found_by_its_name(text: str, release: str) -> None:
    assert find_release(text) == release


@pytest.mark.parametrize(
    "text", ["", "0.99", "0.12.1", "newest", "0", f"{PEFT_RELEASE}.0", "1.0.0", "²"]
)
def test_what_is_no_release_is_refused(text: str) -> None:
    known = re.escape(f"`0.0.1` to `{PEFT_RELEASE}`")
    with pytest.raises(LoracfgError, match=f"not a known release of PEFT.*{known}"):
        find_release(text)


@pytest.mark.parametrize(
    ("version", "release"),
    [
        ("0.18.0", "0.18.0"),
        ("0.18.1.dev0@UNKNOWN", "0.18.1"),
        ("0.19.0.dev0@7ac0f1b", "0.19.0"),
        ("0.16.9", "0.16.0"),
        ("1.2.3", PEFT_RELEASE),
        ("banana", None),
        ("0.0.0", None),
    ],
)
def test_a_version_counts_as_the_release_before_it(version: str, release: str | None) -> None:
    assert release_of_version(version) == release


@pytest.mark.parametrize(
    ("releases", "text"),
    [
        ((), "none"),
        (("0.0.1", "0.0.2"), "none"),
        (RELEASES, ">=0.1"),
        (between("0.14.0"), ">=0.14"),
        (between("0.15.0", "0.16.0"), ">=0.15,<0.16"),
        (between("0.17.0", "0.19.1"), ">=0.17,<0.19.1"),
        (between("0.19.1"), ">=0.19.1"),
        (("0.19.0",), "==0.19.0"),
        ((*between("0.0.1", "0.6.0"), *between("0.14.0")), ">=0.1,<0.6 or >=0.14"),
    ],
)
def test_a_set_of_releases_is_written_as_ranges(releases: Iterable[str], text: str) -> None:
    assert specifier(releases) == text


@given(st.sets(st.sampled_from(between(FIRST_TO_SAVE))))
def test_ranges_name_exactly_the_releases(releases: set[str]) -> None:
    from packaging.specifiers import SpecifierSet

    text = specifier(releases)
    sets = [] if text == "none" else [SpecifierSet(part) for part in text.split(" or ")]
    assert {r for r in between(FIRST_TO_SAVE) if any(r in s for s in sets)} == releases


def test_at_least_is_reflexive_and_ordered() -> None:
    assert at_least("0.7.0", "0.7.0")
    assert at_least("0.10.0", "0.9.0")
    assert not at_least("0.9.0", "0.10.0")
