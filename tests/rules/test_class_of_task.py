"""Classes that the config leads to, and that lack modules of the adapter."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.testing.building.judging import judged
from tests.rules.subjects import config

OTHER = "LlamaTextForCausalLM"


@pytest.mark.parametrize(
    ("mapping", "start", "pointer"),
    [
        (None, "`CAUSAL_LM` leads to", "/task_type"),
        ("x", "`CAUSAL_LM` leads to", "/task_type"),
        ({}, "`CAUSAL_LM` leads to", "/task_type"),
        ({"base_model_class": "LlamaModel"}, "`CAUSAL_LM` leads to", "/task_type"),
        ({"base_model_class": OTHER}, "`auto_mapping` names", "/auto_mapping"),
    ],
)
def test_the_field_that_leads_to_a_class_is_named(mapping: Any, start: str, pointer: str) -> None:
    report = judged(config(auto_mapping=mapping), f'base {{"led_to": "{OTHER}"}}')
    (found,) = (one for one in report.diagnostics if one.code == "LC626")
    assert found.message.startswith(f"{start} a `{OTHER}`, which has 0 of the 4 modules that ")
    assert found.location.pointer == pointer
