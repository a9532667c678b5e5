"""Targets that select nothing, and the modules that they should select."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.analysis.target_matches import (
    adapter_tensors,
    dead_targets,
    pattern_of_list,
    shortest_names,
    trained_modules,
)
from loracfg.rules.base import lc601_no_target_matches
from loracfg.rules.rule import Finding
from loracfg.rules.tensors.lc519_targets_without_tensors import check
from tests.rules.subjects import config, subject

PATTERN = ".*[qv]_proj"
LAYERS = "model.layers.{}.self_attn.{}_proj"
PATHS = [LAYERS.format(layer, name) for layer in (0, 1) for name in "qv"]
HEAD = "base_model.model.lm_head.weight"


HEAD_FACTORS = tuple(
    f"tensor base_model.model.lm_head.lora_{part}.weight F32 {shape}"
    for part, shape in (("A", "[4, 16]"), ("B", "[32, 4]"))
)


def targets(value: Any, **others: Any) -> str:
    return config(target_modules=value, **others)


@pytest.mark.parametrize(
    ("lines", "pattern"),
    [
        ((targets([PATTERN]),), PATTERN),
        ((targets([".*q_proj", ".*v_proj"]),), ".*q_proj|.*v_proj"),
        ((targets([".*q_proj"]),), None),  # other modules have tensors too
        ((targets([PATTERN, "(q_proj"]),), None),
        ((targets([LAYERS.format("[01]", "q"), "model.layers.[01].self_attn"]),), None),
        ((targets([path.replace("_", ".") for path in PATHS]),), None),  # names with dots
        ((targets([PATTERN], layers_to_transform=[0]),), None),
        ((targets([PATTERN], layers_pattern="layers"),), None),
        ((targets([PATTERN]), "drop ."), None),
        ((targets([" all "]), "weights none"), None),
        ((targets("none"),), None),
        ((targets(None),), None),
    ],
)
def test_patterns_in_a_list_become_one_pattern(lines: tuple[str, ...], pattern: str | None) -> None:
    assert pattern_of_list(subject(*lines)) == pattern


@pytest.mark.parametrize(
    ("lines", "dead"),
    [
        ((targets(["c_attn", "c_proj"]),), ("c_attn", "c_proj")),
        ((targets("c_attn"),), "c_attn"),
        ((targets(["c_attn"]), "base none"), ("c_attn",)),
        ((targets(["c_attn", "v_proj"]), "base none"), None),
        ((targets(["c_attn"], target_parameters=["q_proj.weight"]), "base none"), None),
        ((targets(["q_proj"], layers_to_transform=[5]), "base none"), None),
        ((targets(["q_proj"], exclude_modules=["q_proj"]), "base none"), ("q_proj",)),
        ((targets("lm_head"), "base none"), "lm_head"),
        ((targets("lm_head"),), None),  # only the base has this module
        ((targets([]), "base none"), None),
        ((targets(None), "base none"), None),
        ((targets("all-linear"), "base none"), None),
        ((targets("c_attn", exclude_modules=3),), None),
        (("config bytes 00",), None),
    ],
)
def test_targets_that_select_no_known_module(
    lines: tuple[str, ...], dead: tuple[str, ...] | str | None
) -> None:
    assert dead_targets(subject(*lines)) == dead


def test_modules_with_factors_were_trained() -> None:
    assert trained_modules(subject()) == PATHS
    assert trained_modules(subject("drop v_proj.lora_A", "drop q_proj.lora_B")) == PATHS
    magnitude = f"tensor base_model.model.{LAYERS.format(0, 'k')}.lora_magnitude_vector F32 [12]"
    assert trained_modules(subject("drop q_proj", magnitude)) == PATHS[1::2]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ((), ["q_proj", "v_proj"]),
        (("base none",), PATHS),
        (("drop layers.1.self_attn.q_proj",), ["v_proj", PATHS[0]]),
    ],
)
def test_modules_get_their_shortest_unique_names(lines: tuple[str, ...], names: list[str]) -> None:
    adapter = subject(*lines)
    assert shortest_names(adapter, trained_modules(adapter)) == names


def test_all_tensors_are_explained_if_nothing_is_targeted() -> None:
    dead = targets(["c_attn"], modules_to_save=["lm_head"])
    there = adapter_tensors(subject(dead, f"tensor {HEAD} F32 [32, 16]"))
    factors = {f"base_model.model.{path}.lora_{part}.weight" for path in PATHS for part in "AB"}
    assert there == {*factors, HEAD}
    assert adapter_tensors(subject(dead)) == there  # including the missing head


def found(*lines: str) -> list[Finding]:
    return list(check(subject(*lines)))


@pytest.mark.parametrize(
    ("lines", "message", "help_"),
    [
        (
            (targets(["c_attn"]), "base none"),
            "the targets are `c_attn`, but the tensors are for `q_proj` and `v_proj`",
            "set `target_modules` to the modules that were adapted: `q_proj` and `v_proj`",
        ),
        (
            (targets("c_attn"), "drop layers.1.self_attn.q_proj"),
            "the targets are `c_attn`, but the tensors are for `q_proj` and `v_proj`",
            "set `target_modules` to the modules that were adapted: "
            "`model.layers.0.self_attn.q_proj` and `v_proj`",
        ),
        (
            (targets([PATTERN]),),
            f"to PEFT, `{PATTERN}` in the list `target_modules` is a name, not a pattern",
            f'write the string `"{PATTERN}"` instead of the list',
        ),
        (
            (targets([".*q_proj", ".*v_proj"]),),
            "to PEFT, `.*q_proj` and `.*v_proj` in the list `target_modules` are names, not "
            "patterns",
            'write the string `".*q_proj|.*v_proj"` instead of the list',
        ),
    ],
)
def test_targets_and_tensors_for_different_modules(
    lines: tuple[str, ...], message: str, help_: str
) -> None:
    (finding,) = found(*lines)
    assert (finding.message, finding.help) == (message, help_)


def test_up_to_ten_adapted_modules_are_listed() -> None:
    names = [f"base_model.model.layer.m{number}" for number in range(12)]
    tensors = [f"tensor {name}.lora_A.weight F32 [4, 16]" for name in names]
    (finding,) = found(targets(["c_attn"]), "drop .", *tensors, "base none")
    assert finding.help.endswith(" `m6`, `m7` and 2 more")
    assert finding.help.count("`m") == 10


@pytest.mark.parametrize(
    "lines",
    [
        (targets(["c_attn"], r=8),),
        (targets("lm_head"), "base none"),
        (targets(["c_attn"], ensure_weight_tying=True),),  # the base has its own head
    ],
)
def test_targets_without_tensors_explain_all_layers(lines: tuple[str, ...]) -> None:
    (finding,) = found(*lines)
    assert finding.count == len(finding.explains) == 8


def test_tensors_saved_with_layers_are_explained_but_not_counted() -> None:
    saved = targets(["c_attn"], modules_to_save=["lm_head"])
    (finding,) = found(saved, f"tensor {HEAD} F32 [32, 16]")
    assert finding.count == 8
    assert HEAD in finding.explains


def test_adapted_modules_without_tensors_are_explained() -> None:
    (finding,) = found(targets("lm_head"))
    assert finding.count == 8
    heads = {name for name in finding.explains if "lm_head" in name}
    assert heads == {f"base_model.model.lm_head.lora_{part}.weight" for part in "AB"}


@pytest.mark.parametrize(
    "lines",
    [
        ("config bytes 00",),
        (targets(["q_proj"]), "base none"),
        (targets(None), "base none"),
        (targets("dummy-target-modules"),),
        (targets(["c_attn"]), "drop ."),
        (targets(["c_attn"]), "drop lora_A|lora_B"),
        (targets(["c_attn"], target_parameters=["q_proj.weight"]), "base none"),
        (targets(["q_proj"], layers_to_transform=[5]),),
        (targets(["q_proj"], exclude_modules=["q_proj"]),),
        (targets(["q_proj"], exclude_modules=["q_proj", "v_proj"]), "base none"),
        (targets(["c_attn"], ensure_weight_tying=True), "base none"),  # which may tie the weights
        (
            *("drop .", targets(["embed_tokens"], ensure_weight_tying=True)),
            *(*HEAD_FACTORS, 'base {"tied": true}'),
        ),
    ],
)
def test_targets_that_other_rules_report(lines: tuple[str, ...]) -> None:
    assert found(*lines) == []


@pytest.mark.parametrize(
    ("values", "message", "field"),
    [
        (
            {"target_modules": [PATHS[0].removeprefix("model.")], "layers_to_transform": 7},
            "`layers_to_transform` is `7`, which leaves out the only module that `target_modules` "
            "names",
            "layers_to_transform",
        ),
        (
            {"target_modules": ["q_proj"], "layers_to_transform": [7]},
            "`layers_to_transform` is `[7]`, which leaves out both modules that `target_modules` "
            "names",
            "layers_to_transform",
        ),
        (
            {
                "target_modules": ["q_proj", "v_proj"],
                "layers_to_transform": [0],
                "layers_pattern": "blocks",
            },
            "`layers_to_transform` and `layers_pattern` leave out all 4 modules that "
            "`target_modules` names",
            "layers_to_transform",
        ),
        (
            {"target_modules": ["c_attn"], "layers_to_transform": [0]},
            "`target_modules` `c_attn` selects no module of the base, as the installed "
            "transformers builds it",
            "target_modules",
        ),
    ],
)
def test_layers_that_leave_nothing_are_not_blamed_on_the_names(
    values: dict[str, Any], message: str, field: str
) -> None:
    (found,) = lc601_no_target_matches.check(subject(config(**values), "drop ."))
    assert found.message == message
    assert found.location.pointer == f"/{field}"
