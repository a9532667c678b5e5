"""Tensors that fit a different class of the base, or different places in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loracfg.analysis.misnamed import (
    _saved_alike,
    lost_tensors,
    renames_by_problem,
    renames_for_base,
)
from loracfg.analysis.renames import PathChange, Renaming
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Kind, Module
from loracfg.base.search import Fit
from loracfg.rules.base import lc602_other_class
from loracfg.rules.rule import Finding
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import codes, judged
from tests.rules.subjects import config, made_with, on_base, subject, subject_on

BARE = r"rename model\.model\. -> model."
ONE = r"rename model\.layers\.1 -> text.layers.1"
LOST = r"rename layers\.1\.self_attn\.(.)_proj -> layers.1.self_attn.\1_lost"
SAVED = made_with(modules_to_save=["input_layernorm"])
P = "base_model.model."


def finding(found: Subject, *fits: Fit) -> Finding | None:
    """Return what is found if these classes were tried too."""
    results = list(lc602_other_class.check(on_base(found, alternatives=fits)))
    assert len(results) < 2
    return results[0] if results else None


OTHER = Fit("LlamaModel", 4, 4)
OLDER = Fit("LlamaForCausalLM", 4, 4, layout="4")
LOAD = "set `task_type` to `FEATURE_EXTRACTION` and load the adapter on a `LlamaModel`"
TRAINED = "load it with the class and transformers release that it was trained with"
MOVE = "rename its tensors: `layers` -> `model.layers` maps all of them"
PART = "rename its tensors: `text.layers` -> `model.layers` maps all of them"


@pytest.mark.parametrize(
    ("code", "lines", "fits", "message", "help_"),
    [
        (
            "LC602",
            (BARE,),
            (),
            "none of 4 modules is in `LlamaForCausalLM` under its name",
            f"{TRAINED}, or {MOVE}",
        ),
        (
            "LC602",
            (BARE, "drop layers.1|v_proj"),
            (),
            "the only module is not in `LlamaForCausalLM` under its name",
            f"{TRAINED}, or {MOVE}",
        ),
        (
            "LC602",
            (ONE,),
            (),
            "2 of 4 modules are not in `LlamaForCausalLM` under their names",
            f"{TRAINED}, or {PART}",
        ),
        (
            "LC602",
            (BARE,),
            (OTHER,),
            "the names of all 4 modules fit `LlamaModel`, but none fits `LlamaForCausalLM`",
            f"{LOAD}, or {MOVE}",
        ),
        (
            "LC602",
            (BARE, "drop layers.1|v_proj"),
            (OTHER,),
            "the name of 1 module fits `LlamaModel`, but none fits `LlamaForCausalLM`",
            f"{LOAD}, or {MOVE}",
        ),
        (
            "LC602",
            (BARE, "drop layers.1"),
            (OTHER,),
            "the names of all 2 modules fit `LlamaModel`, but none fits `LlamaForCausalLM`",
            f"{LOAD}, or {MOVE}",
        ),
        (
            "LC602",
            (LOST,),
            (OTHER,),
            "the names of all 4 modules fit `LlamaModel`, but only 2 fit `LlamaForCausalLM`",
            LOAD,
        ),
        (
            "LC602",
            (LOST,),
            (OLDER,),
            "the names of all 4 modules fit `LlamaForCausalLM` of transformers 4, but only "
            "2 fit `LlamaForCausalLM` of transformers 5",
            "load the adapter on a `LlamaForCausalLM` of transformers 4",
        ),
    ],
)
def test_the_message_says_what_would_fit(
    code: str, lines: tuple[str, ...], fits: tuple[Fit, ...], message: str, help_: str
) -> None:
    found = finding(subject(*lines), *fits)
    assert code == lc602_other_class.RULE.code
    assert found
    assert (found.message, found.help) == (message, help_)


def test_if_no_class_fits_nothing_is_found() -> None:
    assert finding(subject(LOST)) is None
    assert finding(subject(), OTHER) is None  # nothing is lost
    assert finding(on_base(subject(BARE), certain=False), OTHER) is None


def test_only_a_certain_base_has_lost_tensors() -> None:
    found = subject(ONE)
    names = {f"{P}text.layers.1.self_attn.{e}_proj.lora_{f}.weight" for e in "qv" for f in "AB"}
    assert lost_tensors(found) == names
    assert lost_tensors(on_base(found, certain=False)) == frozenset()
    assert lost_tensors(found.with_explained(frozenset({min(names)}))) == names - {min(names)}
    assert lost_tensors(subject()) == frozenset()


def test_modules_of_the_base_are_found_for_all_or_for_none() -> None:
    found = renames_for_base(subject(ONE))
    assert found
    assert found.names == {
        f"{P}text.layers.1.self_attn.{e}_proj.lora_{f}.weight": (
            f"{P}model.layers.1.self_attn.{e}_proj.lora_{f}.weight"
        )
        for e in "qv"
        for f in "AB"
    }
    assert renames_for_base(subject(LOST)) is None
    assert renames_for_base(subject()) is None
    assert renames_for_base(on_base(subject(ONE), certain=False)) is None


def test_saved_modules_move_with_the_others() -> None:
    found = renames_for_base(subject(SAVED, BARE))
    assert found
    norm = {f"{P}layers.{n}.input_layernorm.weight" for n in range(2)}
    assert norm <= found.names.keys()
    assert {found.names[n] for n in norm} == {n.replace(P, f"{P}model.") for n in norm}
    assert codes(SAVED, BARE) == ["LC602"]
    # modules that the base has under their names stay
    kept = renames_for_base(subject(SAVED, r"rename model\.(layers.*_proj) -> \1"))
    assert kept
    assert not any("norm" in name for name in kept.names)
    # and so do modules that the base does not have
    other = renames_for_base(subject(BARE, f"tensor {P}layers.0.scale.weight F32 [4]"))
    assert other
    assert not any("scale" in name for name in other.names)


def test_an_embedding_that_is_saved_with_its_adapter_moves_with_it() -> None:
    made = made_with(target_modules=["embed_tokens", "q_proj"])
    embedding = f"{P}model.model.embed_tokens.base_layer.weight"
    deeper = rf"rename ^{P}model -> {P}model.model"
    found = renames_for_base(subject(made, deeper))
    assert found
    assert found.names[embedding] == embedding.replace("model.model.model.", "model.model.", 1)
    assert [one.code for one in judged(made, deeper).diagnostics if one.severity == "error"] == [
        "LC602"
    ]


def test_a_saved_module_with_two_places_stays() -> None:
    changes = {PathChange("", "model."): (), PathChange("layers.", "vision_tower.layers."): ()}
    norm = f"tensor {P}layers.0.self_attn.q_proj.weight F32 [24, 16]"
    found = subject(BARE, norm, 'base {"vision": 1}')
    saved = dict(_saved_alike(Renaming(changes, {}), found))
    assert saved == {}
    right = {PathChange("model.", "vision_tower."): ()}
    stays = subject(BARE, norm.replace("layers.0", "model.layers.0"), 'base {"vision": 1}')
    assert dict(_saved_alike(Renaming(right, {}), stays)) == {}
    first = dict(list(changes.items())[:1])
    saved = dict(_saved_alike(Renaming(first, {}), found))
    assert saved == {
        f"{P}layers.0.self_attn.q_proj.weight": f"{P}model.layers.0.self_attn.q_proj.weight"
    }


@pytest.mark.parametrize("begin", [P, ""])
def test_a_path_may_be_a_part_of_the_prefix(begin: str) -> None:
    factors = (
        f"tensor {begin}base.lora_A.weight F32 [4, 16]",
        f"tensor {begin}base.lora_B.weight F32 [24, 4]",
    )
    files, base = build(("drop .", *factors, config(target_modules=["q_proj", "base"])))
    assert base
    added = Module("text.base", Kind.LINEAR, "Linear", {"weight": (24, 16)})
    found = subject_on(files, replace(base, modules={**base.modules, "text.base": added}))
    places = {f"{begin}base.lora_{f}.weight": f"{P}text.base.lora_{f}.weight" for f in "AB"}
    moved = renames_for_base(found)
    assert (moved.names if moved else {}) == (places if begin else {})
    prefixed = dict(pair for group in renames_by_problem(found).values() for pair in group)
    assert prefixed == ({} if begin else places)


def explained(found: Subject, *fits: Fit) -> frozenset[str]:
    result = finding(found, *fits)
    assert result
    return result.explains


def test_what_the_file_has_under_other_names_is_not_missing() -> None:
    tensors = {f"{e}_proj.lora_{f}.weight" for e in "qv" for f in "AB"}
    places = {f"{P}model.layers.{n}.self_attn.{end}" for n in range(2) for end in tensors}
    lost = {f"{P}text.layers.1.self_attn.{end}" for end in tensors}
    # if all are: every missing tensor is explained, even of modules without any
    more = explained(subject(BARE, "drop layers.1"))
    assert places <= more
    # if some are: only the tensors of these modules are explained
    some = explained(subject(ONE, "drop layers.0.*q_proj"))
    assert some == lost | {name for name in places if "layers.1" in name}
    cut = explained(subject(ONE, "drop layers.0.*q_proj", r"drop text.*q_proj.lora_B"))
    assert some - cut == {f"{P}text.layers.1.self_attn.q_proj.lora_B.weight"}
    # the place of each module is unknown
    none = explained(subject(LOST, "drop layers.0.*q_proj"), OTHER)
    assert {name for name in places if "layers.0" not in name or "q_proj" in name} <= none
