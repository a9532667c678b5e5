"""Options that LoRA on parameters does not support."""

from __future__ import annotations

import pytest

from loracfg.rules.meaning.lc311_option_with_parameters import check
from tests.rules.subjects import config, made_with, on_base, subject, subject_on
from tests.rules.test_one_cause import sound_experts

PATH = "base_model.model.model.layers.{}.self_attn.{}_proj"
MADE = made_with(target_modules=["v_proj"], target_parameters=["q_proj.weight"])
DROPOUT = config(lora_dropout=0.1)
NONE_MATCHES = config(target_parameters=["no_such.weight"])


def factors(*names: str) -> set[str]:
    paths = [PATH.format(layer, name) for layer in (0, 1) for name in names]
    return {f"{path}.lora_{part}.weight" for path in paths for part in "AB"}


MAGNITUDES = {f"{PATH.format(layer, 'v')}.lora_magnitude_vector" for layer in (0, 1)}
BIASES = {f"{PATH.format(layer, 'v')}.lora_B.bias" for layer in (0, 1)}


@pytest.mark.parametrize(
    ("lines", "is_found"),
    [
        ((DROPOUT,), True),
        ((DROPOUT, "base none"), True),
        ((config(fan_in_fan_out=True),), False),  # PEFT unset it for an earlier layer
        ((DROPOUT, NONE_MATCHES), False),
        ((DROPOUT, NONE_MATCHES, "base none"), True),
        # PEFT fails on something else
        ((DROPOUT, NONE_MATCHES, config(target_modules=["norm", "v_proj"])), False),
        ((DROPOUT, NONE_MATCHES, config(target_modules=["no_such"])), False),
        # configs without a plan
        ((DROPOUT, config(r=-1)), True),
        ((DROPOUT, config(r=-1, target_parameters=["o_proj.weight", "no_such.weight"])), True),
        ((DROPOUT, config(r=-1), NONE_MATCHES), False),
        ((DROPOUT, config(r=-1, target_parameters=["q_proj"])), False),
    ],
)
def test_an_option_is_reported_unless_no_parameter_gets_it(
    lines: tuple[str, ...], is_found: bool
) -> None:
    adapter = subject(MADE, *lines)
    assert len(list(check(adapter))) == is_found
    assert list(check(on_base(adapter, certain=False)))


@pytest.mark.parametrize(
    ("lines", "explained"),
    [
        ((DROPOUT,), factors("q")),
        ((DROPOUT, "base none"), factors("q")),
        ((DROPOUT, f"tensor {PATH.format(0, 'k')}.bias F32 [12]"), factors("q")),
        ((DROPOUT, config(exclude_modules=3)), factors("q", "v")),
        ((config(use_dora=True),), factors("q") | MAGNITUDES),
        ((config(lora_bias=True),), factors("q") | BIASES),
        # other rules report what else is missing
        (
            (config(use_dora=True, modules_to_save=["lm_head"]), "drop v_proj"),
            factors("q") | MAGNITUDES,
        ),
    ],
)
def test_an_option_explains_layers_of_parameters_and_its_own_tensors(
    lines: tuple[str, ...], explained: set[str]
) -> None:
    (found,) = check(subject(MADE, *lines))
    assert found.explains == explained


@pytest.mark.parametrize(
    "line",
    [
        config(target_modules=["norm", "v_proj"]),
        config(r=3, init_lora_weights="orthogonal"),
    ],
)
def test_other_rules_report_what_is_wrong_with_modules(line: str) -> None:
    assert list(check(subject(DROPOUT, line))) == []


def test_an_option_of_targeted_experts_explains_their_tensors() -> None:
    copy, base = sound_experts({"r": 2, "target_modules": "all-linear"})
    copy.config["lora_dropout"] = 0.1
    (found,) = check(subject_on(copy.written(), base))
    assert found.message == (
        "`lora_dropout` does not work with `target_parameters`, and PEFT adapts "
        "`model.layers.0.mlp.experts.gate_up_proj`, `model.layers.0.mlp.experts.down_proj`, "
        "`model.layers.0.mlp.gate.weight` and 3 more as parameters"
    )
    assert found.location.pointer == "/target_modules"
    assert found.count == 6
    assert found.explains == {name for name in copy.tensors if ".mlp." in name}
    copy.config |= {"lora_dropout": 0.0, "lora_bias": True}
    (found,) = check(subject_on(copy.written(), base))
    own = found.explains - copy.tensors.keys()
    assert own == {f"{PATH.format(layer, name)}.lora_B.bias" for layer in (0, 1) for name in "qkvo"}
