"""Layers that the config targets, but that have no tensors in the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loracfg.analysis.missing_layers import Depth, _depth, missing_layers
from loracfg.base.architecture import Kind, Module
from loracfg.report.report import Diagnostic
from loracfg.rules.base.lc617_missing_layers import _advice
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import judged
from loracfg.testing.copies import WEIGHTS
from loracfg.testing.memory_files import MemoryFiles
from tests.rules.subjects import config, made_with, on_base, subject, subject_on

BOTH = made_with(target_modules=["q_proj", "v_proj"])
FIVE = 'base {"layers": 5}'
TOWER = 'base {"vision": 2}'
AGAIN = "save the adapter again, or target only what was trained"


def of_layers(*lines: str) -> list[Diagnostic]:
    return [one for one in judged(*lines).diagnostics if one.code == "LC617"]


@pytest.mark.parametrize(
    ("code", "lines", "message", "help_", "pointer"),
    [
        (
            "LC617",
            (config(target_modules=["q_proj", "v_proj", "k_proj"]),),
            "the file has no tensors for 2 layers that `k_proj` targets: "
            "`model.layers.0.self_attn.k_proj` and `model.layers.1.self_attn.k_proj`",
            AGAIN,
            "/target_modules/2",
        ),
        (
            "LC617",
            (config(target_modules=["q_proj", "o_proj", "v_proj", "k_proj"]),),
            "the file has no tensors for 4 layers that `k_proj` and `o_proj` target: "
            "`model.layers.0.self_attn.k_proj`, `model.layers.0.self_attn.o_proj`, "
            "`model.layers.1.self_attn.k_proj` and `model.layers.1.self_attn.o_proj`",
            AGAIN,
            "/target_modules",
        ),
        (
            "LC617",
            (made_with(target_modules=".*[qv]_proj"), "drop layers.0.*q_proj"),
            "the file has no tensors for 1 layer that `.*[qv]_proj` targets: "
            "`model.layers.0.self_attn.q_proj`",
            AGAIN,
            "/target_modules",
        ),
        (
            "LC617",
            ("drop layers.1",),
            "the file has tensors for the first `1` of the `2` layers of the base, but none for "
            "`model.layers.1.self_attn.q_proj` and `model.layers.1.self_attn.v_proj`",
            "pass the base with 1 layer, or save the adapter again",
            "/target_modules",
        ),
        (
            "LC617",
            (made_with(target_modules=["v_proj"]), FIVE),
            "the file has tensors for the first `2` of the `5` layers of the base, but none for "
            "`model.layers.2.self_attn.v_proj`, `model.layers.3.self_attn.v_proj` and "
            "`model.layers.4.self_attn.v_proj`",
            "pass the base with 2 layers, or save the adapter again",
            "/target_modules/0",
        ),
        (
            "LC617",
            (made_with(target_modules=["q_proj", "lm_head"]), "drop lm_head"),
            "the file has no tensors for 1 layer that `lm_head` targets: `lm_head`",
            AGAIN,
            "/target_modules/1",
        ),
    ],
)
def test_layers_without_tensors_are_named(
    code: str, lines: tuple[str, ...], message: str, help_: str, pointer: str
) -> None:
    (found,) = of_layers(*lines)
    assert found.code == code
    assert (found.message, found.help, found.location.pointer) == (message, help_, pointer)


def test_layers_of_a_part_that_was_not_trained_are_left_out() -> None:
    text = made_with(target_modules=r"model\..*q_proj")
    untrained = config(target_modules=["q_proj"])
    (found,) = of_layers(text, untrained, TOWER)
    assert found.help == (
        "if `vision_tower` was not trained, leave it out with `exclude_modules` set to "
        "`.*vision_tower.*`"
    )
    # tensors of the part show that it was trained
    in_file = "tensor base_model.model.vision_tower.layers.1.self_attn.q_proj.lora_"
    trained = (f"{in_file}A.weight F32 [4, 16]", f"{in_file}B.weight F32 [16, 4]")
    (found,) = of_layers(text, untrained, TOWER, *trained)
    assert found.help == "save the adapter again"
    # if layers of the text model are missing too, the part is not the cause
    tower, layer = "vision_tower.layers.0.self_attn.q_proj", "model.layers.0.self_attn.q_proj"
    both = subject(text, untrained, TOWER)
    assert _advice(both, [tower]) != AGAIN
    assert _advice(both, [tower, layer]) == _advice(both, [layer, tower]) == AGAIN


def test_modules_with_some_tensors_are_not_missing() -> None:
    assert of_layers("drop q_proj.lora_A") == []
    assert of_layers("drop layers.1.*q_proj.lora_A", "drop layers.1.*v_proj.lora_B") == []


def test_modules_missing_from_the_same_layers_have_one_cause() -> None:
    every = config(target_modules=["q_proj", "v_proj", "o_proj"])
    first, second = of_layers(every, "drop layers.1")
    assert [first.count, second.count] == [2, 2]
    assert of_layers("drop layers.0")[0].count == 2


def test_a_base_may_be_deeper_than_the_file() -> None:
    assert list(missing_layers(subject())) == []
    (found,) = missing_layers(subject(FIVE))
    assert found.depth == Depth(trained=2, layers=5)
    names = {
        f"base_model.model.model.layers.{layer}.self_attn.{end}_proj.lora_{part}.weight"
        for layer in (2, 3, 4)
        for end in "qv"
        for part in "AB"
    }
    assert found.tensors == names
    assert [one.depth for one in missing_layers(subject(FIVE, "drop layers.0"))] == [None]
    assert list(missing_layers(on_base(subject(FIVE), certain=False))) == []
    assert list(missing_layers(subject("base none"))) == []


def test_a_layer_adapted_through_a_tie_is_no_entry() -> None:
    tied = made_with(target_modules=["embed_tokens"], ensure_weight_tying=True)
    (found,) = of_layers(tied, 'base {"tied": true}')
    assert found.location.pointer == "/target_modules"
    assert found.message.endswith("targets: `lm_head`")


def paths(*layers: int, end: str = "self_attn.q_proj") -> list[str]:
    return [f"model.layers.{layer}.{end}" for layer in layers]


def test_only_the_last_layers_may_be_missing() -> None:
    two, five = subject(), subject(FIVE)
    assert _depth(five, paths(2, 3, 4)) == (2, 5)
    assert _depth(five, [*paths(2, 3, 4), *paths(2, 3, 4, end="mlp")]) == (2, 5)
    assert _depth(five, paths(2, 3)) is None  # it has tensors for no other layers
    assert _depth(five, paths(1, 2, 3, 4)) is None
    assert _depth(five, [*paths(2, 3, 4), "lm_head"]) is None
    assert _depth(five, [*paths(2, 3, 4), "encoder.layers.0.q"]) is None
    assert _depth(two, paths(0, 1)) is None
    assert _depth(subject(FIVE, "drop layers.0"), paths(0, 2, 3, 4)) is None
    assert _depth(subject(FIVE, "drop ."), paths(0, 1, 2, 3, 4)) is None


def test_lists_of_different_lengths_have_no_common_cause() -> None:
    names = [f"vision_tower.layers.{layer}.self_attn.q_proj" for layer in (1, 2)]
    one = "tensor base_model.model.vision_tower.layers.0.self_attn.q_proj.lora_A.weight F32 [4, 16]"
    files, base = build(
        (made_with(target_modules=["q_proj"]), 'base {"layers": 3, "vision": 3}', one)
    )
    assert base
    layers = [f"vision_tower.layers.{layer}" for layer in range(3)]
    added = {path: Module(path, Kind.OTHER, "Layer") for path in layers}
    deeper = replace(base, modules={**base.modules, **added})
    found = subject_on(files, deeper)
    assert _depth(found, paths(2)) == (2, 3)
    assert _depth(found, names) == (1, 3)
    assert _depth(found, [*paths(2), *names]) is None
    # each list has its own numbers
    last = files.contents[WEIGHTS].replace(b"tower.layers.0", b"tower.layers.2")
    deep = subject_on(MemoryFiles({**files.contents, WEIGHTS: last}), deeper)
    assert _depth(deep, paths(2)) == (2, 3)
