"""What is made of facts that hold, that do not, and that only the base would decide."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from loracfg.runtimes.profile import Fact, Formula, Pin, Profile, Runtime
from loracfg.runtimes.scales import ScaleRange
from loracfg.runtimes.served import ServedAdapter
from loracfg.runtimes.server_limits import Limit
from loracfg.runtimes.verdict import Verdict, judge, reason
from tests.runtimes.making import NO_BASE, pairs, served

RSLORA: Final = 'made with {"use_rslora": true, "r": 16}'
DORA: Final = 'made with {"use_dora": true}'
HEAD: Final = 'made with {"target_modules": ["lm_head"]}'
SETS: Final[dict[str, tuple[str, ...]]] = {
    "queries": ("q_proj",),
    "keys": ("k_proj",),
    "llama": ("llama",),
    "classes": ("LlamaForCausalLM",),
}
ASKS: Final = "(pass the base with `--base`)"
ASSUMED: Final = (f"it supports adapters on the base {ASKS}",)


def fact(when: str, effect: Any = "raises", **own: Any) -> Fact:
    """Return a fact of conditions that are joined by `;`."""
    return Fact(tuple(filter(None, when.split("; "))), effect, "seen", **own)


def runtime(*facts: Fact, version: str = "2.1", given: tuple[str, ...] = (), **own: Any) -> Runtime:
    limits = {"on": Limit(True), "off": Limit(False), "most": Limit(8)}
    checked = date(2026, 1, 1)
    profile = Profile("made-up", "Small", checked, "2.1", facts, limits=limits, sets=SETS, **own)
    return Runtime(profile, version, profile.values, given)


def verdict(found: ServedAdapter, *facts: Fact, **own: Any) -> Verdict:
    return judge(found, [runtime(*facts, **own)])[0]


LOADS, UNTRIED = fact("use_dora", "loads"), fact("use_dora", "unknown", what="DoRA there")
DIFFERS, RAISES = fact("use_dora", "differs", what="leaves it out"), fact("use_dora")
ANSWERS: Final[list[tuple[tuple[Fact, ...], str, tuple[Fact, ...], tuple[str, ...]]]] = [
    ((LOADS,), "loads", (), ()),
    ((UNTRIED,), "unknown", (), ("DoRA there",)),
    ((UNTRIED, UNTRIED), "unknown", (), ("DoRA there",)),
    ((DIFFERS,), "differs", (DIFFERS,), ()),
    ((DIFFERS, UNTRIED), "differs", (DIFFERS,), ("DoRA there",)),
    ((LOADS, RAISES, DIFFERS, UNTRIED), "raises", (RAISES, DIFFERS), ()),
    ((), "unknown", (), ("DoRA",)),
    ((fact("use_rslora"),), "unknown", (), ("DoRA",)),
    ((fact("not use_dora"),), "unknown", (), ("DoRA",)),
    ((fact("not use_rslora", "loads"),), "unknown", (), ("DoRA",)),
    ((fact("not use_dora"), LOADS), "loads", (), ()),
    ((fact("use_dora; use_rslora"), LOADS), "loads", (), ()),
    ((fact("use_dora; with on"),), "raises", (fact("use_dora; with on"),), ()),
    ((fact("use_dora; with off"), LOADS), "loads", (), ()),
]


def test_worst_fact_decides() -> None:
    for facts, answer, against, unknown in ANSWERS:
        found = verdict(served(DORA), *facts)
        assert (found.answer, found.facts, found.unknown) == (answer, against, unknown), facts
        assert found.assumed == (), facts


def test_untried_version_is_unknown_unless_it_raises() -> None:
    old = {"version": "1.0"}
    found = verdict(served(DORA), LOADS, **old)
    assert (found.answer, found.unknown) == ("unknown", (found.runtime.untried,))
    assert verdict(served(DORA), RAISES, **old).answer == "raises"


def test_features_that_are_not_notable_are_not_asked_about() -> None:
    assert verdict(served('config {"bias": "all"}')).answer == "loads"


OPEN: Final = [
    # the adapter gives no reason to ask for the base
    ("tied_base", (NO_BASE,), (), ASSUMED),
    ("not tied_base", (NO_BASE,), (), ASSUMED),
    ("tied_base; with on", (NO_BASE,), (), ASSUMED),
    ("tied_base; with off", (NO_BASE,), (), ()),
    ("tied_base; use_dora", (NO_BASE,), (), ()),
    ("model_type among llama", (NO_BASE,), (), ASSUMED),
    ("architecture among classes; leaves among queries", (NO_BASE,), (), ASSUMED),
    ("architecture among classes; tied_base", (NO_BASE,), (), ASSUMED),
    # it gives one
    (
        "tied_base; head_lora",
        (NO_BASE, HEAD),
        (f"whether the base ties its head to its embeddings {ASKS}",),
        (),
    ),
    (
        "partial_layers",
        (NO_BASE, "drop layers.0"),
        (f"whether modules of a kind only have factors in some layers {ASKS}",),
        (),
    ),
    (
        "model_type among llama; leaves among queries",
        (NO_BASE,),
        (f"whether the model type of the base is `llama` {ASKS}",),
        (),
    ),
    (
        "architecture among classes; leaves outside keys",
        (NO_BASE,),
        (f"whether the base is a `LlamaForCausalLM` {ASKS}",),
        (),
    ),
    (
        "architecture among classes; largest_rank > 2",
        (NO_BASE,),
        (f"whether the base is a `LlamaForCausalLM` {ASKS}",),
        (),
    ),
    (
        "added_tokens",
        ("file added_tokens.json x",),
        ("whether `added_tokens.json` has tokens",),
        (),
    ),
]


def test_base_is_asked_for_only_if_the_adapter_gives_a_reason() -> None:
    for when, lines, unknown, assumed in OPEN:
        covered = fact("head_lora", "loads"), fact("partial_layers", "loads")
        found = verdict(served(*lines), fact(when), *covered)
        assert (found.unknown, found.assumed) == (unknown, assumed), lines
        assert found.answer == ("unknown" if unknown else "loads"), lines
        for effect in ("loads", "unknown"):
            one = verdict(served(*lines), fact(when, effect, what="this"), *covered)
            assert one.unknown == (), lines
            assert one.assumed == (assumed if effect == "unknown" else ()), lines


def test_every_open_fact_is_asked_about() -> None:
    open_ones = [fact("tied_base; head_lora", effect) for effect in ("loads", "raises")]
    found = verdict(served(NO_BASE, HEAD), *open_ones)
    assert found.unknown == (f"whether the base ties its head to its embeddings {ASKS}",)


def test_known_base_of_unknown_class_is_not_asked_for() -> None:
    tied = replace(served('base {"tied": true}'), architectures=())
    found = verdict(tied, fact("tied_base; architecture among classes"))
    assert found.unknown == ("whether the base is a `LlamaForCausalLM`",)


def test_nothing_is_assumed_of_an_engine_that_raises() -> None:
    found = verdict(served(NO_BASE, DORA), fact("tied_base"), RAISES)
    assert (found.answer, found.assumed) == ("raises", ())
    found = verdict(served(NO_BASE, DORA), fact("tied_base"), fact("own_head", "loads"), LOADS)
    assert (found.answer, found.assumed) == ("loads", ASSUMED)


SCALED: Final = fact("use_rslora", "differs", what="scales", scale=True)
OWN: Final = (Formula("own", "own", False),)
SAME: Final = (Formula("own", "own", True),)


def test_scale_facts_apply_only_if_the_formula_differs() -> None:
    found = verdict(served(RSLORA), SCALED, formulas=OWN)
    assert (found.answer, found.factors) == ("differs", ScaleRange(0.25, 0.25))
    assert reason(found, SCALED) == "scales, so its scale is `0.25` times PEFT's"
    found = verdict(served(RSLORA), SCALED, formulas=SAME)
    assert (found.answer, found.facts, found.factors) == ("loads", (), None)
    found = verdict(served(RSLORA), SCALED)
    assert (found.answer, found.facts, found.factors) == ("differs", (SCALED,), None)
    assert reason(found, SCALED) == "scales"
    plain = fact("use_rslora", "differs", what="scales")
    found = verdict(served(RSLORA), plain, formulas=SAME)
    assert (found.answer, found.facts, found.factors) == ("differs", (plain,), None)
    both = verdict(served(RSLORA), plain, SCALED, formulas=OWN)
    assert both.factors == ScaleRange(0.25, 0.25)
    assert [reason(both, one) for one in both.facts] == [
        "scales",
        "scales, so its scale is `0.25` times PEFT's",
    ]


def test_words_in_reasons_are_sorted() -> None:
    when = "largest_rank > 2; leaves outside keys; not use_dora"
    found = verdict(served(), fact(when, message="no"), fact("leaves outside queries", "loads"))
    assert found.words == {"largest_rank > 2": ("4",), "leaves outside keys": ("q_proj", "v_proj")}
    (only,) = found.facts
    assert reason(found, only) == (
        "raises `no`: the largest rank is `4`, above `2`, it adapts `q_proj`, `v_proj`"
    )
    when = "leaves among queries; leaves outside keys; largest_rank > 2; largest_rank > 3"
    found = verdict(served('made with {"target_modules": ["q_proj"]}'), fact(when))
    words = "it adapts `q_proj`, the largest rank is `4`, above `2`, the largest rank is `4`"
    assert reason(found, *found.facts) == f"rejects it: {words}, above `3`"


def test_negated_conditions_are_reasons_only_without_others() -> None:
    for when, said in (
        ("not use_dora", "not: DoRA"),
        ("not use_dora; with on", "not: DoRA, it is served with `on`"),
        ("largest_rank > 2; with on", "the largest rank is `4`, above `2`"),
    ):
        found = verdict(served(), fact(when, message="no"))
        assert [reason(found, one) for one in found.facts] == [f"raises `no`: {said}"]


def test_settings_that_no_fact_tests_are_idle() -> None:
    given = {"given": ("on", "most", "off")}
    assert verdict(served(), **given).idle == ("on", "most", "off")
    assert verdict(served(), fact("with on"), fact("use_dora"), **given).idle == ("most", "off")
    assert verdict(served(), fact("largest_rank > most; without off"), **given).idle == ("on",)
    assert verdict(served(), fact("with on", versions="<2"), **given).idle == ("on", "most", "off")
    assert verdict(served(), fact("with on")).idle == ()


BUILT: Final = fact("architecture among classes")


@pytest.mark.parametrize(
    ("classes", "by_architectures", "answer"),
    [
        (("LlamaForCausalLM",), True, "raises"),
        (("LlamaForCausalLM", "Other"), True, "raises"),
        ((), True, "loads"),
    ],
)
def test_engine_builds_the_class_in_the_base_config(
    classes: tuple[str, ...], by_architectures: bool, answer: str
) -> None:
    found = replace(served(), architectures=classes)
    assert verdict(found, BUILT, by_architectures=by_architectures).answer == answer


def test_tree_of_the_class_that_the_engine_builds() -> None:
    adapter, tied = served(), served('base {"tied": true}').base
    assert tied
    found = replace(adapter, trees={"Tied": tied}, architectures=("Tied",))
    assert verdict(found, fact("tied_base"), by_architectures=True).answer == "raises"
    assert verdict(found, fact("tied_base")).answer == "loads"


def config(**own: Any) -> str:
    given = {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]}
    named = {"base_model_name_or_path": "example/llama"}
    return f"config text {json.dumps(given | named | own)}"


PINS: Final = (Pin("0.5.0", "setup.py"),)


def test_pinned_peft_must_read_the_config() -> None:
    for line, pins, said in [
        (config(), PINS, []),
        (config(layers_pattern="x"), PINS, []),
        (config(alpha_pattern={"x": 1}), PINS, []),  # drops the key, which changes nothing
        ("config text {", PINS, []),
        (config(layers_pattern="x"), (), []),
        (config(target_modules=None), PINS, []),  # it reads that config, and has no layers then
        (
            config(peft_type="X"),
            PINS,
            ["it needs PEFT 0.5.0 or older, and `peft_type` is `X`, which is not a PEFT method"],
        ),
    ]:
        found = [one for one in verdict(served(line), pins=pins).facts if not one.when]
        assert [one.what for one in found] == said, line
        for one in found:
            assert (one.effect, one.evidence, one.message) == ("raises", "setup.py", "KeyError"), (
                line
            )
            assert one.help == "`loracfg migrate --to 0.5.0`", line


def test_error_for_a_config_that_the_loader_empties() -> None:
    pin = Pin("0.14.0", "setup.py", loader="PeftConfig", message="no rank")
    emptied, wrong = served(config(use_bdlora=None)), served(config(peft_type="X"))
    assert verdict(emptied, pins=(pin,)).facts[0].message == "no rank"
    assert verdict(wrong, pins=(pin,)).facts[0].message == "KeyError"
    assert verdict(emptied, pins=(pin._replace(message=""),)).facts[0].message == "an error"
    assert verdict(emptied, pins=(pin._replace(loader="LoraConfig"),)).answer == "loads"


def test_modules_unknown_to_an_engine_are_no_reason() -> None:
    found = verdict(served(*pairs("model.layers.0.mlp.up_proj")), fact("leaves among queries"))
    assert "raises" not in found.answer
