"""What activated LoRA and bases with their own code need in the config."""

from __future__ import annotations

from typing import Any

import pytest

from loracfg.analysis.tasks import is_refused
from loracfg.testing.building.judging import codes, judged
from tests.rules.subjects import config, on_base, subject

TOKENS = {"alora_invocation_tokens": [5, 7]}
OWN_CODE = 'base {"own_code": true, "name": "example/llama"}'


@pytest.mark.parametrize(
    ("fields", "fires"),
    [
        (TOKENS, False),
        (TOKENS | {"task_type": None}, True),
        (TOKENS | {"task_type": "SEQ_CLS"}, True),
        (TOKENS | {"task_type": 3}, False),
        ({"task_type": None}, False),
        ({"task_type": None, "alora_invocation_tokens": []}, False),
        ({"task_type": None, "alora_invocation_tokens": "x"}, False),
        ({"task_type": "SEQ_CLS", "alora_invocation_tokens": ["x"]}, False),
    ],
)
def test_an_activated_lora_is_for_causal_models(fields: dict[str, Any], fires: bool) -> None:
    assert ("LC327" in codes(config(**fields))) is fires


def test_a_class_without_the_method_of_the_task_is_refused() -> None:
    seen = subject()
    assert is_refused(seen, "LlamaModel")
    assert not is_refused(seen, "LlamaForCausalLM")
    assert not is_refused(seen, None)
    assert not is_refused(on_base(seen, certain=False), "LlamaModel")
    # the repository's own code may have the method
    assert not is_refused(on_base(seen, own_code=True), "LlamaModel")
    assert not is_refused(on_base(seen, auto_map=("AutoModel",)), "LlamaModel")


@pytest.mark.parametrize(
    ("lines", "fires"),
    [
        ((OWN_CODE,), True),
        ((OWN_CODE, config(revision="")), True),
        ((OWN_CODE, config(revision="main")), False),
        ((OWN_CODE, config(base_model_name_or_path="/models/llama")), False),
        ((OWN_CODE, config(base_model_name_or_path=None)), False),
        ((config(revision=None),), False),
        ((OWN_CODE, "config text {"), False),
    ],
)
def test_code_of_the_base_is_pinned_by_a_revision(lines: tuple[str, ...], fires: bool) -> None:
    found = [one for one in judged(*lines).diagnostics if one.code == "LC708"]
    assert len(found) == fires
    assert all(one.message.startswith("`example/llama` has its own code") for one in found)
