"""Initialisations and variants that make PEFT change the base."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.testing.building.judging import judged
from tests.rules.subjects import config

SAVE_CONVERTED = ", or save it again with `path_initial_model_for_weight_conversion`"


@pytest.mark.parametrize(
    ("fields", "cause", "pointer", "is_converted"),
    [
        *(
            (
                {"init_lora_weights": init},
                f'`init_lora_weights` is `"{init}"`',
                "/init_lora_weights",
                True,
            )
            for init in ("pissa", "pissa_niter_4", "olora", "OLoRA")
        ),
        (
            {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 4, "loftq_iter": 1}},
            '`init_lora_weights` is `"loftq"`',
            "/init_lora_weights",
            False,
        ),
        *(
            (
                {"init_lora_weights": "pissa", **others},
                '`init_lora_weights` is `"pissa"`',
                "/init_lora_weights",
                False,
            )
            for others in (
                {"use_rslora": True, "rank_pattern": {"k_proj": 2}},
                {"bias": "all"},
                {"modules_to_save": ["lm_head"]},
                {"use_dora": True},
            )
        ),
        ({"kasa_config": {}}, "`kasa_config` is set", "/kasa_config", False),
        (
            {"kasa_config": {}, "init_lora_weights": "gaussian"},
            "`kasa_config` is set",
            "/kasa_config",
            False,
        ),
    ],
)
def test_what_changes_the_base(
    fields: dict[str, Any], cause: str, pointer: str, is_converted: bool
) -> None:
    (found,) = (one for one in judged(config(**fields)).diagnostics if one.code == "LC331")
    assert found.message == f"{cause}, so PEFT changes the base weights when it loads the adapter"
    assert found.help == "use it alone on an unchanged base" + SAVE_CONVERTED * is_converted
    assert found.location.pointer == pointer


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"init_lora_weights": False},
        {"init_lora_weights": "gaussian"},
        {"init_lora_weights": "orthogonal"},
        {"kasa_config": None},
        {"kasa_config": 3},
        {"kasa_config": {}, "init_lora_weights": 3},
        {"init_lora_weights": "pissa", "lora_bias": True},  # PEFT rejects this
        {"init_lora_weights": "loftq"},
    ],
)
def test_what_leaves_the_base_unchanged(fields: dict[str, Any]) -> None:
    assert "LC331" not in [one.code for one in judged(config(**fields)).diagnostics]
