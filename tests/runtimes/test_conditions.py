"""When conditions hold, on an engine that is made up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.conditions import AdapterConditions, parse
from loracfg.runtimes.versions import Word
from tests.runtimes.making import NO_BASE, saved, served, with_facts
from tests.runtimes.test_language import engine

SETTINGS: Final[dict[str, Any]] = {
    "on": True,
    "off": False,
    "none": 0,
    "kind": "text",
    "unset": "",
    "every": ("all",),
    "fused": ("qkv_proj",),
    "several": ("a", "q_proj"),
}
SETS: Final = {
    "two": ("q_proj", "v_proj"),
    "one": ("q_proj",),
    "all": ("all",),
    "four": ("4",),
    "llama": ("llama",),
    "empty": (),
    "hidden": ("qkv",),
}
RUNTIME: Final = engine(
    limits=SETTINGS,
    sets=SETS,
    aliases={"q_proj": "qkv_proj", "v_proj": "qkv"},
)
RANKS: Final = 'made with {"rank_pattern": {"v_proj": 16}}'
WIDE: Final = 'made with {"rank_pattern": {"v_proj": 17}}'
UNREAD: Final = "config text {"

FOUND: Final[list[tuple[str, tuple[str, ...], set[str] | None]]] = [
    ("largest_rank > most", (), set()),
    ("largest_rank > most", (RANKS,), set()),
    ("largest_rank > most", (WIDE,), {"17"}),
    ("largest_rank > 3", (), {"4"}),
    ("largest_rank > 4", (), set()),
    ("largest_rank > none", (WIDE,), set()),  # 0 is no limit
    ("largest_rank > 3", (UNREAD,), set()),
    ("largest_rank > 3", (r"rename base_model\.model\. ->",), {"4"}),
    ("vocabulary_size > 31", (), {"32"}),
    ("vocabulary_size > 32", (), set()),
    ("vocabulary_size > 31", (NO_BASE,), None),
    ("saved_labels > 1", (saved("score.weight", 2, 16),), {"2"}),
    ("saved_labels > 1", (), set()),
    ("leaves among two", (), {"q_proj", "v_proj"}),
    ("leaves among one", (), {"q_proj"}),
    ("leaves outside one", (), {"v_proj"}),
    ("leaves outside two", (), set()),
    ("leaves outside empty", (), set()),
    ("leaves outside all", (), {"q_proj", "v_proj"}),
    ("leaves outside every", (), set()),
    ("leaves among every", (), set()),
    ("leaves outside fused", (), {"v_proj"}),
    ("leaves among several", (), {"q_proj"}),
    ("leaves among fused", (), {"q_proj"}),
    ("leaves among hidden", (), {"v_proj"}),
    ("targets outside two", (), set()),
    ("targets outside one", (), {"v_proj"}),
    ("targets outside two", ('config {"target_modules": ["a.k_proj"]}',), {"k_proj"}),
    ("targets outside two", ('config {"target_modules": "a.k_proj"}',), set()),
    ("targets outside one", (UNREAD,), {"v_proj"}),
    ("ranks outside four", (), set()),
    ("ranks among four", (RANKS,), {"4"}),
    ("ranks outside four", (RANKS,), {"16"}),
    ("ranks outside four", (UNREAD,), set()),
    ("model_type among llama", (), {"llama"}),
    ("model_type outside llama", ('base {"type": "other"}',), {"other"}),
    ("model_type among llama", (NO_BASE,), None),
    ("architecture among empty", (NO_BASE,), set()),
    ("base_name outside two", (), {"example/llama"}),
    ("base_name outside two", ('config {"base_model_name_or_path": null}',), {"null"}),
    ("base_name outside two", ('config {"base_model_name_or_path": ""}',), {"null"}),
    ("base_name outside two", (UNREAD,), {"null"}),
    ("base_name outside kind", ('config {"base_model_name_or_path": "text"}',), set()),
    ("base_name outside unset", (), set()),
]


def test_values_that_meet_a_condition() -> None:
    for condition, lines, found in FOUND:
        meeting = AdapterConditions(served(*lines))
        assert meeting.found(parse(condition), RUNTIME) == found, lines
        holds = None if found is None else bool(found)
        assert meeting.holds(parse(condition), RUNTIME) is holds, lines


def test_aliases_in_a_setting() -> None:
    runtime = engine(limits={"named": ("q_proj",)}, aliases=RUNTIME.profile.aliases)
    fused = served(r"rename q_proj -> qkv_proj")
    assert AdapterConditions(fused).found(parse("leaves among named"), runtime) == frozenset(
        {"qkv_proj"}
    )
    in_set = engine(sets={"named": ("q_proj",)}, aliases=RUNTIME.profile.aliases)
    assert AdapterConditions(fused).found(parse("leaves among named"), in_set) == frozenset()


def test_features_and_settings() -> None:
    for condition, lines, holds in [
        ("use_dora", (), False),
        ("not use_dora", (), True),
        ("use_dora", ('config {"use_dora": true}',), True),
        ("not use_dora", ('config {"use_dora": true}',), False),
        ("tied_base", (NO_BASE,), None),
        ("not tied_base", (NO_BASE,), None),
        ("with on", (), True),
        ("without on", (), False),
        ("with off", (), False),
        ("without off", (), True),
        ("with kind", (), True),
        ("with unset", (), False),
        ("with kind=text", (), True),
        ("with kind=texts", (), False),
        ("with kind=a", (), False),
        ("without kind=text", (), False),
        ("without kind=a", (), True),
        ("without unset=a", (), True),
        ("with every", (), True),
    ]:
        assert AdapterConditions(served(*lines)).holds(parse(condition), RUNTIME) is holds, lines


def test_conditions_in_words() -> None:
    for condition, words in [
        ("with kind", "it is served with `kind`"),
        ("with kind=x", "it is served with `kind=x`"),
        ("without kind", "it is served without `kind`"),
        ("without kind=x", "it is served without `kind=x`"),
        ("leaves among two", "it adapts `q_proj`, `v_proj`"),
        ("leaves outside two", "it adapts modules other than `q_proj`, `v_proj`"),
    ]:
        assert parse(condition).words(RUNTIME) == words, condition


def test_subject_of_a_condition() -> None:
    for condition, setting, key, of_base in [
        ("use_dora", "", "use_dora", False),
        ("tied_base", "", None, True),
        ("with kind=x", "kind", None, False),
        ("largest_rank > most", "most", "r", False),
        ("ranks outside four", "four", "r", False),
        ("saved_labels > 8", "8", None, False),
        ("model_type among llama", "llama", "base_model_name_or_path", True),
    ]:
        found = parse(condition)
        assert (found.setting, found.key, found.of_base) == (setting, key, of_base), condition


SMALL: Final = """
name = "classes"
title = "Classes"
checked = 2026-01-02
newest = "1.0"
facts = []
suffixes = ["ForCausalLM", "Model"]
aliases = { OneModel = "Other" }

[architectures]
takes = "OneForCausalLM TwoForCausalLM"

[modules]
"q_proj" = "LlamaForCausalLM"
"""


def test_classes_with_a_different_suffix() -> None:
    for architecture, condition, found in [
        ("OneForCausalLM", "architecture among takes", {"OneForCausalLM"}),
        ("OneModel", "architecture among takes", {"OneModel"}),
        ("OneModel", "architecture outside takes", set()),
        ("OtherModel", "architecture outside takes", {"OtherModel"}),
        ("LlamaModel", "leaves outside modules", {"v_proj"}),
        ("OneModel", "leaves outside modules", set()),
        (None, "architecture among takes", None),
        (None, "leaves outside modules", set()),
    ]:
        with with_facts(classes=SMALL):
            runtime = find_runtime("classes")
            assert runtime.profile.architectures["takes"][0] == Word("OneForCausalLM"), condition
            adapter = replace(served(), architectures=(architecture,) if architecture else ())
            assert AdapterConditions(adapter).found(parse(condition), runtime) == found, condition


def test_base_without_a_model_type() -> None:
    found = served()
    assert found.base
    plain = replace(found, base=replace(found.base, model_type=None))
    words = AdapterConditions(plain).found(parse("model_type outside llama"), RUNTIME)
    assert words == frozenset({""})
