"""Targets that select nothing: one finding for the factors and what is saved with them."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from loracfg.testing.building.judging import judged

WITH_OTHER_TENSORS: Final[dict[str, dict[str, Any]]] = {
    "head": {"modules_to_save": ["lm_head"]},
    "embedding": {"target_modules": ["q_proj", "embed_tokens"]},
    "tokens": {"trainable_token_indices": [1, 5]},
    "norms": {"modules_to_save": ["input_layernorm", "norm"]},
    "dora": {"use_dora": True, "modules_to_save": ["embed_tokens"]},
}
"""Configs of adapters with tensors other than factors."""


@pytest.mark.parametrize("made", WITH_OTHER_TENSORS.values(), ids=WITH_OTHER_TENSORS)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"target_modules": [".q_proj"]}, "LC519"),
        ({"target_modules": ["Q_PROJ", "V_PROJ"]}, "LC519"),
        ({"target_modules": ["o_proj"]}, "LC519"),
        ({"target_modules": "q_proj,v_proj"}, "LC320"),
        ({"target_modules": "q_proj"}, "LC321"),
        ({"layers_to_transform": [9]}, "LC520"),
        ({"layers_to_transform": [0]}, "LC520"),
    ],
)
def test_targets_explain_what_is_saved_next_to_factors(
    made: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    report = judged(f"made with {json.dumps(made)}", f"config {json.dumps(change)}")
    assert [d.code for d in report.diagnostics if d.severity == "error"] == [code]


def test_an_embedding_is_explained_with_its_factors() -> None:
    made = 'made with {"target_modules": ["q_proj", "embed_tokens"]}'
    report = judged(made, 'config {"target_modules": ["q_proj"]}')
    assert [d.code for d in report.diagnostics if d.severity == "error"] == ["LC520"]


def test_no_target_is_reported_for_a_file_without_factors() -> None:
    made = 'made with {"modules_to_save": ["lm_head"]}'
    report = judged(made, "drop lora_", 'config {"target_modules": ["x"]}')
    assert "LC601" in [d.code for d in report.diagnostics]
