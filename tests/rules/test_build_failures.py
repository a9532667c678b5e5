"""Errors that PEFT raises when it builds an adapter, reported by several rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from loracfg.base.architecture import Kind, Module
from loracfg.rules.base.lc610_unsaveable_module import check
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import judged
from tests.rules.subjects import config, subject, subject_on

NORM = (
    config(target_modules=["q_proj", "v_proj", "model.norm"]),
    "tensor base_model.model.model.norm.lora_A.weight F32 [4, 16]",
    "tensor base_model.model.model.norm.lora_B.weight F32 [16, 4]",
)
LONGER = "use a longer end of the module's path"


def found(*lines: str) -> list[tuple[str, str, str | None, str, int]]:
    return [
        (d.code, d.message, d.location.pointer, d.help, d.count)
        for d in judged(*lines).diagnostics
        if d.severity == "error"
    ]


def test_each_failure_is_reported_by_its_rule() -> None:
    assert found(config(modules_to_save=["yers"], layer_replication=[[0, 9]])) == [
        (
            "LC610",
            "`modules_to_save` cannot have a `ModuleList`: `model.layers`",
            "/modules_to_save",
            LONGER,
            1,
        ),
        (
            "LC611",
            "`layer_replication` does not fit the layers of the base",
            "/layer_replication",
            "use ranges of layers that the base has",
            1,
        ),
    ]


@pytest.mark.parametrize(
    ("other", "codes"),
    [((), ["LC609"]), (("tensor base_model.model.x F32 [4]",), ["LC609", "LC691"])],
)
def test_tensors_of_a_layer_that_cannot_be_built_have_one_finding(
    other: tuple[str, ...], codes: list[str]
) -> None:
    said = found(*NORM, *other)
    assert [code for code, *_ in said] == codes
    assert said[0][1] == "PEFT cannot adapt a `LlamaRMSNorm`: `model.norm`"


def test_modules_with_an_adapter_are_one_finding() -> None:
    (first, *_) = found(config(modules_to_save=["roj"]))
    layers = [f"model.layers.{i}.self_attn" for i in range(2)]
    paths = [f"`{layer}.{name}`" for layer in layers for name in ("q_proj", "v_proj")]
    message = f"a module in `modules_to_save` has an adapter: {', '.join(paths[:3])} and {paths[3]}"
    assert first == ("LC610", message, "/modules_to_save", LONGER, 4)


@pytest.mark.parametrize(
    ("names", "index", "part"),
    [(["out"], 0, "lora_dropout"), (["lm_head", "out"], 1, "lora_dropout"), (["A"], 0, "lora_A")],
)
def test_names_that_match_a_part_of_an_adapter(names: list[str], index: int, part: str) -> None:
    (one,) = (one for one in found(config(modules_to_save=names)) if one[0] == "LC610")
    name = names[index]
    assert one == (
        "LC610",
        f"`{name}` in `modules_to_save` is also the end of `{part}`, which every layer with an "
        "adapter has",
        f"/modules_to_save/{index}",
        f"remove `{name}` from `modules_to_save`, and make it a target instead",
        1,
    )


def test_names_of_both_kinds_are_reported() -> None:
    said = found(config(modules_to_save=["out", "roj"]))
    assert [(code, place) for code, _, place, *_ in said if code == "LC610"] == [
        ("LC610", "/modules_to_save"),
        ("LC610", "/modules_to_save/0"),
    ]


def test_names_match_no_parts_if_nothing_is_adapted() -> None:
    nothing = config(target_modules=["nope"], modules_to_save=["yers", "out"])
    assert [one.location.pointer for one in check(subject(nothing))] == ["/modules_to_save"]


def test_the_advice_names_a_longer_end() -> None:
    files, base = build((config(modules_to_save=["lm_head", "out"]),))
    assert base
    out = Module("model.layers.1.out", Kind.LINEAR, "Linear", {"weight": (16, 16)})
    base = replace(base, modules={**base.modules, out.path: out})
    (one,) = check(subject_on(files, base))
    assert one.help == f"{LONGER}, such as `{out.path}`"
    assert one.explains == {f"base_model.model.{out.path}.weight"}
