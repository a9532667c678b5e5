"""Layers with a zero factor: how many there are, and which other tensors matter."""

from __future__ import annotations

import pytest

from loracfg.testing.building.judging import judged
from tests.rules.subjects import factors, made_with

LAYERS = "base_model.model.model.layers"
UNTRAINED = ("values lora_A 0.5", "values lora_B 0")
FIRST = "values layers.0.*lora_B 0"
REACH = "check that gradients reach"


@pytest.mark.parametrize(
    ("lines", "message", "help_", "count"),
    [
        (
            ("values . 0.5", FIRST),
            "2 of 4 layers have a `lora_B` that is zero",
            "train again after calling `model.enable_input_require_grads()`",
            2,
        ),
        (
            ("values . 0.5", "values layers.0.*q_proj.lora_A 0"),
            "1 of 4 layers has a `lora_A` that is zero",
            f"{REACH} these layers",
            1,
        ),
        (
            ("values . 0.5", "values layers.1.*lora_B 0"),
            "2 of 4 layers have a `lora_B` that is zero",
            f"{REACH} these layers",
            2,
        ),
        (
            ("values . 0.5", "values v_proj.lora_B 0"),
            "2 of 4 layers have a `lora_B` that is zero",
            f"{REACH} `v_proj`",
            2,
        ),
        (  # not all zero layers come before the others
            ("values . 0.5", "values lora_B 0", "values layers.0.*v_proj.lora_B 0.5"),
            "3 of 4 layers have a `lora_B` that is zero",
            f"{REACH} these layers",
            3,
        ),
        (
            (
                'base {"layers": 3}',
                *factors("model.layers.2.self_attn.q_proj", 24),
                "values . 0.5",
                "values layers.[02].*lora_B 0",
            ),
            "3 of 5 layers have a `lora_B` that is zero",
            f"{REACH} these layers",
            3,
        ),
        *(  # either the zero layers or the others are not numbered
            (
                (
                    made_with(target_modules=["q_proj", "lm_head", "score_proj"]),
                    r"rename layers\.1\.self_attn\.q_proj -> tail.q_proj",
                    "drop lm_head",
                    "values . 0.5",
                    f"values {dead}.*lora_B 0",
                ),
                "1 of 2 layers has a `lora_B` that is zero",
                f"{REACH} these layers",
                1,
            )
            for dead in ("layers.0", "tail")
        ),
        (
            (
                made_with(target_modules=["q_proj", "k_proj", "v_proj"]),
                "values . 0.5",
                "values [qk]_proj.lora_B 0",
            ),
            "4 of 6 layers have a `lora_B` that is zero",
            f"{REACH} `k_proj` and `q_proj`",
            4,
        ),
        (  # the head was trained
            (
                *UNTRAINED,
                "tensor base_model.model.lm_head.weight F32 [32, 16]",
                "values lm_head 0.5",
            ),
            "4 of 4 layers have a `lora_B` that is zero",
            f"{REACH} `q_proj` and `v_proj`",
            4,
        ),
        (  # values of integers are not read
            (*UNTRAINED, "tensor base_model.model.lm_head.weight I32 [32, 16]"),
            "4 of 4 layers have a `lora_B` that is zero",
            f"{REACH} `q_proj` and `v_proj`",
            4,
        ),
        *(
            (
                (
                    "values . 0.5",
                    FIRST,
                    f"tensor {LAYERS}.{layer}.self_attn.q_proj.{name}.weight I32 {shape}",
                ),
                message,
                "train again after calling `model.enable_input_require_grads()`",
                count,
            )
            for layer, name, shape, message, count in (
                (0, "lora_A", [4, 16], "1 of 3 layers has a `lora_B` that is zero", 1),
                (1, "lora_B", [24, 4], "2 of 3 layers have a `lora_B` that is zero", 2),
            )
        ),
        (
            (
                made_with(target_modules=["embed_tokens", "q_proj"]),
                "values . 0.5",
                "values lora_embedding_A 0",
            ),
            "1 of 3 layers has a `lora_embedding_A` that is zero",
            f"{REACH} `embed_tokens`",
            1,
        ),
    ],
)
def test_layers_with_a_zero_factor(
    lines: tuple[str, ...], message: str, help_: str, count: int
) -> None:
    found = [d for d in judged(*lines).diagnostics if d.code in ("LC432", "LC433")]
    findings = [(d.code, d.message, d.help, d.count) for d in found]
    assert findings == [("LC433", message, help_, count)]


def test_the_place_is_the_first_layer() -> None:
    lines = ("values . 0.5", FIRST, "values layers.0.*v_proj.lora_A 0", "values v_proj.lora_B 0.5")
    (found,) = (d for d in judged(*lines).diagnostics if d.code == "LC433")
    assert found.location.tensor == f"{LAYERS}.0.self_attn.q_proj.lora_B.weight"
    assert found.message == "2 of 4 layers have a `lora_A` or `lora_B` that is zero"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (UNTRAINED, "LC432"),
        (("values .", "values . 0"), "LC432"),
        (
            (*UNTRAINED, "tensor base_model.model.lm_head.weight F32 [32, 16]", "values lm_head 0"),
            "LC432",
        ),
        (("drop .", "values . 0"), None),
        (("values . 0.5",), None),
    ],
)
def test_zero_factors_in_every_layer(lines: tuple[str, ...], code: str | None) -> None:
    found = [d.code for d in judged(*lines).diagnostics]
    assert [one for one in found if one in ("LC432", "LC433", "LC901")] == ([code] if code else [])


@pytest.mark.parametrize("factor", ["lora_A", "lora_B"])
@pytest.mark.parametrize("other", ["lora_A", "lora_B"])
def test_a_factor_of_nan_is_not_zero(factor: str, other: str) -> None:
    lines = (
        "values . 0.5",
        f"values layers.0.*q_proj.{other} 0",
        f"values layers.0.*q_proj.{factor} nan",
    )
    assert "LC433" not in [d.code for d in judged(*lines).diagnostics]
