"""Which class of the base `task_type` and `auto_mapping` select."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from loracfg.base.architecture import Architecture
from loracfg.rules.base import lc636_no_class_of_task
from loracfg.testing.building.judging import codes, judged
from tests.rules.subjects import config, on_base, planned, subject

WHISPER = "WhisperForConditionalGeneration"


def base(model_type: str, class_name: str) -> str:
    return f"base {json.dumps({'type': model_type, 'class': class_name})}"


@pytest.mark.parametrize(
    ("task", "model_type", "class_name", "auto"),
    [
        ("SEQ_2_SEQ_LM", "whisper", WHISPER, "AutoModelForSeq2SeqLM"),
        ("SEQ_CLS", "mamba", "MambaForCausalLM", "AutoModelForSequenceClassification"),
        ("TOKEN_CLS", "mamba", "MambaForCausalLM", "AutoModelForTokenClassification"),
        ("QUESTION_ANS", "mamba", "MambaForCausalLM", "AutoModelForQuestionAnswering"),
        # which only newer releases of transformers have
        (
            "CAUSAL_LM",
            "audioflamingo3",
            "AudioFlamingo3ForConditionalGeneration",
            "AutoModelForCausalLM",
        ),
    ],
)
def test_classes_that_do_not_support_the_base(
    task: str, model_type: str, class_name: str, auto: str
) -> None:
    given = config(task_type=task), base(model_type, class_name)
    (found,) = (d for d in judged(*given).diagnostics if d.code == "LC636")
    assert found.message == (
        f"`{task}` selects `{auto}`, which does not support the model type `{model_type}`"
    )
    assert found.location.pointer == "/task_type"
    assert found.help == f"load the base as a `{class_name}`, then load the adapter on it"


@pytest.mark.parametrize(
    ("task", "model_type", "class_name"),
    [
        ("SEQ_2_SEQ_LM", "t5", "T5ForConditionalGeneration"),
        ("SEQ_2_SEQ_LM", "mine", "MineForConditionalGeneration"),
        ("SEQ_2_SEQ_LM", "whisper", "MineForSeq2SeqLM"),
        ("FEATURE_EXTRACTION", "llama", "LlamaForCausalLM"),
        ("SEQ_CLS", "olmo", "OlmoForCausalLM"),  # since transformers 5
        ("SEQ_CLS", "led", "LEDForConditionalGeneration"),  # before it
        ("TOKEN_CLS", "code_llama", "LlamaForCausalLM"),  # a config that `llama` has too
        (None, "whisper", WHISPER),
    ],
)
def test_classes_that_support_the_base(task: str | None, model_type: str, class_name: str) -> None:
    assert "LC636" not in codes(config(task_type=task), base(model_type, class_name))


def test_bases_with_an_unknown_class() -> None:
    wrong = subject(config(task_type="SEQ_2_SEQ_LM"), base("whisper", WHISPER))
    check = lc636_no_class_of_task.check
    assert isinstance(wrong.base, Architecture)
    assert list(check(wrong))
    assert not list(check(on_base(wrong, model_type=None)))
    assert not list(check(planned(wrong, base=None)))
    assert not list(check(subject("config none", base("whisper", WHISPER))))
    assert not list(check(planned(wrong, base=replace(wrong.base, is_transformers=False))))
    assert not list(check(planned(wrong, base=replace(wrong.base, class_name=None))))
    assert not list(check(on_base(wrong, auto_map=("AutoModelForSeq2SeqLM",))))
    assert list(check(on_base(wrong, auto_map=("AutoModelForCausalLM",))))


@pytest.mark.parametrize(
    ("mapping", "place", "message"),
    [
        ({}, "task_type", "neither `task_type` nor"),
        ({"parent_library": "transformers"}, "task_type", "neither `task_type` nor"),
        ({"base_model_class": "LlamaModel"}, "task_type", "neither `task_type` nor"),
        (
            {"base_model_class": "Mine", "parent_library": "mine.models"},
            "auto_mapping/parent_library",
            '`AutoPeftModel` does not import `"mine.models"`',
        ),
        (
            {"base_model_class": "Mine", "parent_library": 3},
            "auto_mapping/parent_library",
            "`AutoPeftModel` does not import `3`",
        ),
    ],
)
def test_mappings_that_select_no_class(mapping: dict[str, Any], place: str, message: str) -> None:
    (found,) = judged(config(task_type=None, auto_mapping=mapping)).diagnostics
    assert found.code == "LC333"
    assert found.location.pointer == f"/{place}"
    assert found.message.startswith(message)


def test_a_task_of_the_wrong_type_is_not_missing() -> None:
    mapping = {"base_model_class": "LlamaModel", "parent_library": "transformers.models.llama"}
    assert codes(config(task_type=None, auto_mapping=mapping)) == []
    assert codes(config(task_type=5)) == ["LC106"]
    assert codes("config none") == ["LC003"]
