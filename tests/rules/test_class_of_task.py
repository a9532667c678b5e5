"""Classes that the config selects, but that do not have all modules of the adapter."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.testing.building.judging import judged
from tests.rules.subjects import config

OTHER = "LlamaTextForCausalLM"


@pytest.mark.parametrize(
    ("mapping", "start", "pointer"),
    [
        (None, "`CAUSAL_LM` selects", "/task_type"),
        ("x", "`CAUSAL_LM` selects", "/task_type"),
        ({}, "`CAUSAL_LM` selects", "/task_type"),
        ({"base_model_class": "LlamaModel"}, "`CAUSAL_LM` selects", "/task_type"),
        ({"base_model_class": OTHER}, "`auto_mapping` names", "/auto_mapping"),
    ],
)
def test_the_message_names_the_field_that_selects_the_class(
    mapping: Any, start: str, pointer: str
) -> None:
    report = judged(config(auto_mapping=mapping), f'base {{"led_to": "{OTHER}"}}')
    (found,) = (one for one in report.diagnostics if one.code == "LC626")
    assert found.message.startswith(f"{start} `{OTHER}`, which has 0 of the 4 modules that ")
    assert found.location.pointer == pointer
