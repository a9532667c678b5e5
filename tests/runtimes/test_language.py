"""The language of facts, on an engine that is made up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.conditions import number_of, parse
from loracfg.runtimes.profile import Fact, Formula, Pin, Profile, Runtime
from loracfg.runtimes.server_limits import Value
from loracfg.runtimes.verdict import Verdict, reason
from loracfg.runtimes.versions import parts, words_of
from tests.runtimes.patterns import text_pattern

LEAVES = ("q_proj", "k_proj", "v_proj", "o_proj", "up_proj")


def engine(version: str = "2.1", limits: dict[str, Value] | None = None, **own: Any) -> Runtime:
    profile = Profile("small", "Small", date(2026, 1, 1), "2.1", (), **own)
    return Runtime(profile, version, {"most": 16, "leaves": LEAVES, **(limits or {})})


@pytest.mark.parametrize(
    ("condition", "found", "words"),
    [
        ("use_dora", (), "DoRA"),
        ("not use_dora", (), "not: DoRA"),
        ("largest_rank > most", ("32",), "the largest rank is `32`, above the `most` of `16`"),
        ("largest_rank > most", (), "the largest rank is above the `most` of `16`"),
        ("largest_rank > 8", (), "the largest rank is above `8`"),
        ("leaves outside leaves", ("fc",), "it adapts `fc`"),
        (
            "leaves outside leaves",
            (),
            "it adapts modules other than `q_proj`, `k_proj`, `v_proj`, `o_proj`, `up_proj`",
        ),
        ("leaves among leaves", ("v_proj",), "it adapts `v_proj`"),
        ("leaves among two", (), "it adapts `a`, `b`"),
        (
            "ranks outside six",
            (),
            "it has ranks other than `1`, `2`, `3`, `4`, `5` and others",
        ),
        ("model_type among two", ("a",), "the model type of the base is `a`"),
        ("architecture outside two", (), "the base is a model other than `a`, `b`"),
    ],
)
def test_conditions_in_words(condition: str, found: tuple[str, ...], words: str) -> None:
    sets = {"six": tuple("123456"), "two": ("a", "b")}
    assert parse(condition).words(engine(sets=sets), found) == words


@pytest.mark.parametrize(
    ("condition", "key", "of_base", "compares"),
    [
        ("use_dora", "use_dora", False, False),
        ("new_tokens", None, False, False),
        ("largest_rank > 8", "r", False, True),
        ("leaves among two", "target_modules", False, True),
        ("vocabulary_size > 8", "base_model_name_or_path", True, True),
        ("architecture among two", "base_model_name_or_path", True, True),
    ],
)
def test_subjects_of_conditions(
    condition: str, key: str | None, of_base: bool, compares: bool
) -> None:
    found = parse(condition)
    assert (found.key, found.compares) == (key, compares)
    if condition != "new_tokens":
        assert found.of_base is of_base


def test_bound_is_a_number_or_a_limit() -> None:
    assert number_of("8", engine()) == 8
    assert number_of("most", engine()) == 16


@pytest.mark.parametrize(
    ("version", "own", "is_known"),
    [
        ("2.1", {}, True),
        ("2.0", {}, False),
        ("2.2", {}, False),
        ("2.0", {"oldest": "2.0"}, True),
        ("1.9", {"oldest": "2.0"}, False),
        ("2.1.0", {"oldest": "2.0"}, True),
        ("2.0.5", {"oldest": "2.0", "untried": ">=2.0.4,<2.1"}, False),
        ("2.0.3", {"oldest": "2.0", "untried": ">=2.0.4,<2.1"}, True),
    ],
)
def test_known_versions(version: str, own: dict[str, Any], is_known: bool) -> None:
    assert engine(version, **own).is_known is is_known


def test_engine_is_shown_with_its_version_or_date() -> None:
    assert engine().shown == "Small 2.1"
    assert engine(by_date="main of today").shown == "Small (main of today)"
    assert engine("2.0", by_date="main of today").shown == "Small 2.0"


def test_first_matching_formula_and_pin() -> None:
    formulas = (Formula("own", "own", False, "<2"), Formula("config", "own", True))
    pins = (Pin("0.4.0", "seen", "<2"), Pin("0.9.0", "seen", ">=2,<2.1"))
    own: dict[str, Any] = {"formulas": formulas, "pins": pins}
    assert engine("1.9", **own).formula == formulas[0]
    assert engine("2.0", **own).formula == formulas[1]
    assert [engine(v, **own).pin for v in ("1.9", "2.0", "2.1")] == [*pins, None]
    assert engine().formula is None
    fact = Fact((), "differs", "seen", versions=">=2.1")
    runtime = engine()._replace(profile=Profile("s", "S", date(2026, 1, 1), "2.1", (fact,)))
    assert runtime.facts() == [fact]
    assert runtime._replace(version="2.0").facts() == []


def test_words_of_limits_take_precedence_over_sets() -> None:
    runtime = engine(sets={"leaves": ("a",), "own": ("b",)})
    assert runtime.words("leaves") == LEAVES
    assert runtime.words("own") == ("b",)
    assert runtime.words("most") == ()
    assert runtime.words("nothing") == ()


def test_classes_with_a_different_suffix() -> None:
    runtime = find_runtime("vllm")
    assert runtime.known_as("LlamaForCausalLM") == "LlamaForCausalLM"
    assert runtime.known_as("Unheard") == "Unheard"
    for suffix in runtime.profile.suffixes:
        known = runtime.known_as(f"Qwen3{suffix}")
        assert known == "Qwen3ForCausalLM" or known in runtime.words("known"), suffix


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"effect": "differs", "what": "leaves out x"}, "leaves out x"),
        ({"effect": "differs", "what": "scales", "scale": True}, "scales"),
        ({"effect": "raises", "message": "no"}, "raises `no`: DoRA, the scale is alpha / √r"),
        ({"effect": "raises", "message": "no", "what": "too old"}, "raises `no`: too old"),
        ({"effect": "raises"}, "rejects it: DoRA, the scale is alpha / √r"),
    ],
)
def test_reasons(fact: dict[str, Any], said: str) -> None:
    given = Fact(("use_dora", "use_rslora"), evidence="seen", **fact)
    assert reason(Verdict(engine(), "differs"), given) == said


def test_names_with_versions() -> None:
    assert list(words_of("A B<0.25 C>=1,<2")) == [("A", ""), ("B", "<0.25"), ("C", ">=1,<2")]
    with pytest.raises(ValueError, match=r"`A<` is not a name with versions"):
        list(words_of("A<"))


@pytest.mark.parametrize(
    ("text", "found"), [("0", (0,)), ("1.0", (1,)), ("0.31.0", (0, 31)), ("1.0.2", (1, 0, 2))]
)
def test_parts_of_a_version(text: str, found: tuple[int, ...]) -> None:
    assert parts(text) == found


def test_pattern_of_names_accepts_what_is_found() -> None:
    import re

    for text in ("vllm", "vllm==0.33", "vllm==0.33,max_lora_rank=64", "mergekit"):
        assert re.fullmatch(text_pattern(), text)
        assert find_runtime(f" {text} ").profile.name == text.partition("=")[0].partition(",")[0]
