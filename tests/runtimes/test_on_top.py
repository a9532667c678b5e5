"""What an engine has of the one that it wraps, of both that are made up."""

from __future__ import annotations

from datetime import date
from typing import Any

from loracfg.runtimes.profile import Fact, Formula, Pin, Profile, WrappedEngine
from loracfg.runtimes.profile_files import on_top
from loracfg.runtimes.server_limits import Limit
from loracfg.runtimes.versions import Word


def small(*facts: Fact, **own: Any) -> Profile:
    return Profile("small", "Small", date(2026, 1, 1), "2.1", facts, **own)


def fact(*when: str, versions: str = "") -> Fact:
    return Fact(when, "raises", "seen", versions, what="cannot")


def passed_on(*facts: Fact, **own: Any) -> tuple[Fact, ...]:
    """Return what an engine without a setting `gone` has of the facts of version 1.5."""
    limits = {"gone": Limit(False), "most": Limit(16), "late": Limit(1, versions=">=2")}
    under = small(*facts, limits=limits)
    return on_top(small(**own), under, WrappedEngine("small", "1.5", ("gone",))).facts


def test_facts_of_the_wrapped_version_apply_to_all_versions() -> None:
    own = fact("use_rslora", versions="<1")
    held, other = fact("use_dora", versions=">=1"), fact("use_dora", versions=">=2")
    under = small(held, other)
    found = on_top(small(own), under, WrappedEngine("small", "1.5"))
    assert found.facts == (own, fact("use_dora"))


def test_settings_that_cannot_be_set_have_their_default() -> None:
    assert passed_on(fact("use_dora", "without gone")) == (fact("use_dora"),)
    assert passed_on(fact("without gone=x", "without late")) == (fact(),)
    assert passed_on(fact("use_dora", "with gone")) == ()
    assert passed_on(fact("with gone=x")) == passed_on(fact("with late")) == ()
    assert passed_on(fact("without gone", "with late")) == ()
    kept = fact("with most", "without most=8", "not use_dora")
    assert passed_on(kept) == (kept,)


def test_settings_of_the_wrapped_version() -> None:
    limits = {
        "gone": Limit(False),
        "most": Limit(16, (Word("8"), Word("16", "<2"), Word("32", ">=2")), ">=1"),
        "late": Limit(1, versions=">=2"),
        "both": Limit(1),
    }
    own = small(limits={"both": Limit(2), "own": Limit(3)})
    found = on_top(own, small(limits=limits), WrappedEngine("small", "1.5", ("gone",)))
    assert found.limits == {
        "most": Limit(16, (Word("8"), Word("16"))),
        "both": Limit(2),
        "own": Limit(3),
    }


def test_all_but_the_package_comes_from_the_wrapped_engine() -> None:
    shared = {
        "by_architectures": True,
        "chosen_among": ("takes",),
        "suffixes": ("LM",),
        "modules": {"OneLM": frozenset({"q_proj"})},
        "aliases": {"a": "b"},
        "sets": {"two": ("a", "b")},
    }
    old, now, new = (Formula("own", "own", False, versions) for versions in ("<1", "<2", ">=2"))
    classes = (Word("OneLM"), Word("TwoLM", "<2"), Word("ThreeLM", ">=2"))
    pins = (Pin("0.9.0", "seen"),)
    under = small(formulas=(old, now, new), architectures={"takes": classes}, pins=pins, **shared)
    own = small(package="own", releases=("1.0",), sets={"three": ("c",)})
    found = on_top(own, under, WrappedEngine("small", "1.5"))
    assert found == small(
        package="own",
        releases=("1.0",),
        formulas=(now._replace(versions=""),),
        architectures={"takes": (Word("OneLM"), Word("TwoLM"))},
        **shared,
    )
