"""How facts of engines are read, and what is said of their versions, on engines made up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from loracfg import LoracfgError
from loracfg.runtimes import profile_files as profiles
from loracfg.runtimes.asked import find_runtime, text_patterns
from loracfg.runtimes.profile import Check, Fact, Formula, Pin, Profile, Runtime, WrappedEngine
from loracfg.runtimes.profile_files import profile_of
from loracfg.runtimes.server_limits import Limit, Value
from loracfg.runtimes.versions import Word
from tests.runtimes.making import with_facts

HEAD: Final = """
title = "{name}"
name = "{name}"
checked = 2026-01-02
newest = "2.1"
"""
WHOLE: Final = f"""{HEAD.format(name="whole")}
package = "whole-engine"
releases = "1.0-2 2.0 2.1"
oldest = "1.1"
untried = ">=2,<2.1"
by_architectures = true
chosen_among = ["takes"]
suffixes = ["LM", "Model"]
aliases = {{ a = "b" }}

[limits]
deep = false
most = 16
late = {{ default = "no", choices = "no yes>=2", versions = ">=1.1" }}
few = ["a"]

[sets]
two = ["a", "b"]

[architectures]
takes = "OneLM TwoLM<2 ThreeModel"
heads = "FourLM"

[modules]
"q_proj v_proj" = "FiveLM SixLM SixModel"
c_attn = "SevenLM"

[[formulas]]
alpha = "own"
rank = "config"
rslora = true

[[pins]]
peft = "0.9.0"
evidence = "seen"

[[checks]]
by = "read"
on = 2026-01-03
versions = "1.1-2"
what = "all"

[[checks]]
by = "run"
on = 2026-01-02
versions = "2.1"
what = "few"

[[facts]]
when = ["use_dora", "not use_rslora"]
effect = "differs"
what = "does"
evidence = "seen"

[[loads]]
features = ["lora_bias", "bias"]
evidence = "tried"

[[loads]]
features = ["kasa"]
evidence = "tried"
versions = ">=2"
"""
LEAST: Final = f"""{HEAD.format(name="least")}
[[facts]]
when = ["use_dora"]
effect = "raises"
what = "cannot"
evidence = "seen"
"""
ABOVE: Final = f"""{HEAD.format(name="above")}
facts = []
based_on = {{ engine = "whole", version = "1.2", without = ["deep"] }}
"""
PLAIN: Final = f"""{HEAD.format(name="plain")}
facts = []
based_on = {{ engine = "least", version = "2.1" }}
"""
READ: Final = Profile(
    "whole",
    "whole",
    date(2026, 1, 2),
    "2.1",
    (
        Fact(("use_dora", "not use_rslora"), "differs", "seen", what="does"),
        Fact(("lora_bias",), "loads", "tried"),
        Fact(("bias",), "loads", "tried"),
        Fact(("kasa",), "loads", "tried", ">=2"),
    ),
    oldest="1.1",
    untried=">=2,<2.1",
    checks=(
        Check("read", date(2026, 1, 3), "all", ("1.1", "1.2")),
        Check("run", date(2026, 1, 2), "few", ("2.1",)),
    ),
    package="whole-engine",
    releases=("1.0", "1.1", "1.2", "2.0", "2.1"),
    by_architectures=True,
    chosen_among=("takes",),
    limits={
        "deep": Limit(False),
        "most": Limit(16),
        "late": Limit("no", (Word("no"), Word("yes", ">=2")), ">=1.1"),
        "few": Limit(("a",)),
    },
    sets={"two": ("a", "b")},
    architectures={
        "takes": (Word("OneLM"), Word("TwoLM", "<2"), Word("ThreeModel")),
        "heads": (Word("FourLM"),),
    },
    suffixes=("LM", "Model"),
    modules={
        **dict.fromkeys(["FiveLM", "SixLM", "SixModel"], frozenset({"q_proj", "v_proj"})),
        "SevenLM": frozenset({"c_attn"}),
    },
    aliases={"a": "b"},
    formulas=(Formula("own", "config", True),),
    pins=(Pin("0.9.0", "seen"),),
)


@pytest.fixture(autouse=True)
def _known() -> Iterator[None]:
    with with_facts(whole=WHOLE, plain=PLAIN, least=LEAST, above=ABOVE):
        yield


def test_facts_are_read() -> None:
    assert profile_of("whole") == READ
    fact = Fact(("use_dora",), "raises", "seen", what="cannot")
    assert not fact.scale
    assert profile_of("least") == Profile("least", "least", date(2026, 1, 2), "2.1", (fact,))


def test_engine_has_the_facts_of_the_wrapped_one() -> None:
    found = profile_of("above")
    assert found.based_on == WrappedEngine("whole", "1.2", ("deep",))
    assert found.facts == READ.facts[:3]
    assert found.values == {"most": 16, "late": "no", "few": ("a",)}
    plain = profile_of("plain")
    assert plain.based_on == WrappedEngine("least", "2.1")
    assert plain.facts == profile_of("least").facts


def test_engine_names_are_sorted() -> None:
    assert profiles.names() == ("above", "least", "plain", "whole")


def test_facts_come_from_the_source_tree_if_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(profiles, "files", lambda package: tmp_path)
    monkeypatch.setattr(profiles, "read_archive", lambda: {"packed": ""})
    assert TEXTS() == {"packed": ""}
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "one.toml").write_text("é", "utf-8")
    (tmp_path / "facts" / "README.md").write_text("")
    assert TEXTS() == {"one": "é"}


TEXTS: Final = profiles.texts.__wrapped__


def small(**own: Any) -> Profile:
    return Profile("small", "Small", date(2026, 1, 2), **{"newest": "2.1", "facts": (), **own})


def checks(*versions: str) -> tuple[Check, ...]:
    """Return checks of a version each."""
    return tuple(Check("run", date(2026, 1, 2), "all", (version,)) for version in versions)


def test_tried_versions_in_words() -> None:
    table: list[tuple[dict[str, Any], str]] = [
        ({}, "2.1"),
        ({"checks": checks("1.0")}, "1.0"),
        ({"checks": checks("1.10", "1.9", "1.9")}, "1.9 and 1.10"),
        ({"checks": checks("1.10", "1.9", "2.1")}, "3 releases from 1.9 to 2.1"),
        ({"by_date": "main of today"}, "main of today"),
        ({"by_date": "main of today", "checks": checks("1.0")}, "main of today"),
    ]
    for own, said in table:
        assert small(**own).tried == said, own


@pytest.mark.parametrize(("version", "state"), [("2.0", None), ("2.1", "main"), ("2.2", None)])
def test_newest_version_is_shown_by_date(version: str, state: str | None) -> None:
    assert Runtime(small(by_date="main"), version, {}).state == state
    assert Runtime(small(), version, {}).state is None


NEAR: Final = "nobody has tried it, so the answer is the one for "
NEWER: Final = "nobody has tried it, and the newest known release is {}"
ONLY: Final = "nobody has tried it, only {}"
BETWEEN: Final[dict[str, Any]] = {"oldest": "1.0", "checks": checks("1.0", "1.4", "2.1")}
RELEASES: Final[dict[str, Any]] = {
    "releases": ("1.0", "2.1", "2.3"),
    "checks": checks("1.0", "2.1"),
}


def test_caveats_for_untried_versions() -> None:
    for version, own, said in [
        ("1.4", BETWEEN, ""),
        ("1", BETWEEN, ""),
        ("1.4.0", BETWEEN, ""),
        ("1.3", BETWEEN, f"{NEAR}1.0"),
        ("2.0", BETWEEN, f"{NEAR}1.4"),
        ("0.9", BETWEEN, ONLY.format("3 releases from 1.0 to 2.1")),
        ("2.2", BETWEEN, NEWER.format("2.1")),
        ("2.1", {}, ONLY.format("2.1")),
        ("2.2", {}, NEWER.format("2.1")),
        ("2.2", RELEASES, ONLY.format("1.0 and 2.1")),
        ("2.3", RELEASES, ONLY.format("1.0 and 2.1")),
        ("2.10", RELEASES, NEWER.format("2.3")),
        ("0.9", RELEASES, ONLY.format("1.0 and 2.1")),
    ]:
        runtime = Runtime(small(**own), version, {})
        assert runtime.untried == said, version
        tried = f"Small {version}"
        assert runtime.subject == (f"{tried}, which nobody has tried," if said else tried), version


LIMITS: Final = {
    "early": Limit(False, versions="<2"),
    "late": Limit("", (Word("no"), Word("yes", ">=2"), Word("zero")), ">=1.2"),
    "most": Limit(16),
}


def lacking(version: str, **given: Any) -> list[str]:
    """Return what a version is found to lack of settings."""
    profile = small(oldest="1.0", limits=LIMITS, facts=(Fact(("use_dora",), "loads", "seen"),))
    runtime = Runtime(profile, version, profile.values | given, tuple(given))
    first, *others = runtime.facts()
    assert first.effect == "loads"
    assert all(
        (fact.when, fact.effect, fact.help) == ((), "raises", "leave it out") for fact in others
    )
    return [fact.what for fact in others]


def test_settings_and_values_of_other_versions() -> None:
    no_early, no_late = (f"it has no `{name}`; versions {{}} have it" for name in ("early", "late"))
    assert lacking("1.5", early=True, late="no", most=8) == []
    assert lacking("2.1", late="yes", early=False) == [no_early.format("<2")]
    assert lacking("1.1", late="no") == [no_late.format(">=1.2")]
    said = "it has no `late=yes`; versions >=2 have it"
    assert lacking("1.5", early=True, late="yes") == [said]
    assert lacking("1.5", late="zero") == lacking("2.0", late="yes", most=8) == []
    assert lacking("0.9", late="yes") == []  # of which nothing is known
    assert lacking("1.1") == []


def test_words_of_settings_sets_and_classes() -> None:
    old, new = (find_runtime(f"whole=={version},late=no") for version in ("1.2", "2.1"))
    assert new.words("few") == ("a",)
    assert new.words("late") == ("no",)
    assert new._replace(limits={"late": ""}).words("late") == ()
    assert new.words("two") == ("a", "b")
    assert new.words("most") == new.words("nothing") == ()
    assert old.words("takes") == ("OneLM", "TwoLM", "ThreeModel")
    assert new.words("takes") == ("OneLM", "ThreeModel")
    assert new.words("heads") == ("FourLM",)
    known = ("OneLM", "ThreeModel", "FourLM", "FiveLM", "SixLM", "SixModel", "SevenLM")
    assert new.words("known") == known
    plain = find_runtime("least")
    assert plain.words("takes") == plain.words("known") == ()


def test_first_class_in_the_sets_is_built() -> None:
    for named, built in [
        ((), None),
        (("NewLM",), "NewLM"),
        (("NewLM", "OtherLM"), "NewLM"),
        (("NewLM", "OneLM", "ThreeModel"), "OneLM"),
        (("NewLM", "OneModel"), "OneModel"),
        (("NewLM", "FiveLM"), "FiveLM"),
        (("NewLM", "FourLM"), "NewLM"),  # it is in another set
    ]:
        assert find_runtime("whole").class_of(named) == built, named
        first = next(iter(named), None)
        assert Runtime(replace(READ, chosen_among=()), "2.1", {}).class_of(named) == first, named


def test_classes_with_a_different_suffix() -> None:
    for architecture, known_as in [
        ("OneLM", "OneLM"),
        ("OneModel", "OneLM"),
        ("ThreeLM", "ThreeModel"),
        ("FiveModel", "FiveLM"),
        ("SixModel", "SixModel"),
        ("NewModel", "NewModel"),
        ("TwoModel", "TwoModel"),  # of an earlier version
        ("OneHead", "OneHead"),
    ]:
        assert find_runtime("whole").known_as(architecture) == known_as, architecture


def test_engine_with_its_version_and_settings() -> None:
    plain: dict[str, Value] = {"deep": False, "most": 16, "late": "no", "few": ("a",)}
    assert find_runtime("whole") == Runtime(READ, "2.1", plain)
    assert find_runtime(" whole==1.2 ") == Runtime(READ, "1.2", plain)
    found = find_runtime("whole==1.2,most=8,--deep")
    assert found == Runtime(READ, "1.2", plain | {"most": 8, "deep": True}, ("most", "deep"))
    assert find_runtime("whole,few=a+b").limits == plain | {"few": ("a", "b")}
    assert find_runtime("least==9").version == "9"
    assert find_runtime("whole==1.2+cpu") == Runtime(READ, "1.2", plain)
    assert find_runtime("whole,deep=True").limits == plain | {"deep": True}
    assert find_runtime("whole,deep=False").given == ("deep",)


def test_unknown_engines_versions_and_settings() -> None:
    for text, said, advice in [
        (
            "other",
            "`other` is not a known runtime",
            "use one of `above`, `least`, `plain`, `whole`",
        ),
        (
            "whole=1",
            "`whole=1` is not a known runtime",
            "did you mean `whole`? Use one of `above`, `least`, `plain`, `whole`",
        ),
        (
            "Who_le,most=1",
            "`Who_le,most=1` is not a known runtime",
            "did you mean `whole`? Use one of `above`, `least`, `plain`, `whole`",
        ),
        ("whole==1.3", "whole has no release `1.3`", "use `1.2` or `2.0`"),
        ("whole==0.9", "whole has no release `0.9`", "use `1.0`"),
        ("whole==v2", "`v2` is not a version of whole", "write it as in `whole==2.1`"),
        ("least==v2", "`v2` is not a version of least", "write it as in `least==2.1`"),
        ("least,most=1", "`least` has no setting `most`", "leave it out"),
        ("whole,most", "`most` has no value", "write it as in `most=64`"),
    ]:
        with pytest.raises(LoracfgError) as caught:
            find_runtime(text)
        assert str(caught.value) == f"{said}; {advice}", text


def test_patterns_accept_what_is_found() -> None:
    patterns = text_patterns()
    for text in (
        "whole",
        "whole==1.2",
        "whole==3,most=8,deep",
        "whole==1.2+cu129,deep=True",
        "least==7",
        "plain==0.1",
    ):
        assert find_runtime(text)
        assert [bool(re.search(one, text)) for one in patterns].count(True) == 1
    for text in ("whole==1.3", "wholes", "a-whole", "least,most=1", "least==x"):
        assert not any(re.search(one, text) for one in patterns)
