"""Facts of engines name what there is, and contradict nothing."""

from __future__ import annotations

import pytest

from loracfg.config.history.releases import RELEASES
from loracfg.runtimes.conditions import SUBJECTS, parse
from loracfg.runtimes.features import FEATURES
from loracfg.runtimes.profile_files import names, profile_of, read_archive, texts
from loracfg.runtimes.versions import is_in, parts


def test_installed_facts_match_the_files() -> None:
    assert read_archive() == texts(), "run docs/generate.py"


@pytest.mark.parametrize("name", names())
def test_profiles_are_sound(name: str) -> None:
    profile = profile_of(name)
    assert profile.name == name
    for fact in profile.facts:
        assert fact.evidence
        if fact.effect == "raises":
            assert fact.message or fact.what, fact
        else:
            assert bool(fact.what) == (fact.effect in ("differs", "unknown")), fact
            assert not fact.message
        assert not fact.scale or (fact.effect == "differs" and profile.formulas)
        assert not fact.other_message or fact.message
        is_in(profile.newest, fact.versions)
    assert all(parts(pin.peft) and pin.peft in RELEASES for pin in profile.pins)


@pytest.mark.parametrize("name", names())
def test_conditions_only_use_known_names(name: str) -> None:
    profile = profile_of(name)
    for text in {text for fact in profile.facts for text in fact.when}:
        condition = parse(text)
        match condition.kind:
            case "feature":
                assert condition.subject in FEATURES, text
            case "setting":
                limit = profile.limits[condition.subject]
                assert not condition.bound or limit.read(condition.bound) is not None, text
            case "above":
                bound = condition.bound
                assert bound.isdecimal() or isinstance(profile.values[bound], int), text
                assert condition.subject in SUBJECTS
            case "outside" | "among":
                own = {name: (name,) for name in (*profile.architectures, "known", "modules")}
                known = profile.values | profile.sets | own
                assert isinstance(known[condition.bound], tuple | str), text
                assert condition.subject in SUBJECTS


def test_features_that_are_not_notable_have_facts() -> None:
    facts = [fact for name in names() for fact in profile_of(name).facts]
    named = {parse(text).subject for fact in facts for text in fact.when}
    assert {name for name, feature in FEATURES.items() if not feature.notable} <= named


@pytest.mark.parametrize("name", names())
def test_facts_with_the_same_conditions_do_not_overlap(name: str) -> None:
    profile = profile_of(name)
    bounds = {"0.12", "0.29.1", "0.30", "0.31", "0.31.2", "0.32", "0.33", "5.3", profile.newest}
    for version in bounds:
        held = [(f.when, f.effect) for f in profile.facts if is_in(version, f.versions)]
        assert len(held) == len(set(held)), version


@pytest.mark.parametrize(
    ("version", "ranges", "expected"),
    [
        ("0.31.2", "<0.32", True),
        ("0.32.0", "<0.32", False),
        ("0.32", ">=0.32.0", True),
        ("0.9", ">=0.12", False),
        ("0.31.5", ">=0.31,<0.32", True),
        ("1", "", True),
    ],
)
def test_ranges(version: str, ranges: str, expected: bool) -> None:
    assert is_in(version, ranges) == expected
