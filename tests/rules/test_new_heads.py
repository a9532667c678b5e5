"""Adapters on a head that is not in the base's checkpoint."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from loracfg.adapter.directory import read_adapter
from loracfg.base.architecture import Kind, Module
from loracfg.base.search import ResolvedBase
from loracfg.engine.engine import Engine
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import OPTIONS, error_codes, judged
from tests.rules.subjects import config, factors, made_with

NEW_HEAD: Final = (
    'base {"labels": 3, "class": "LlamaForSequenceClassification", "saved_as": ["LlamaModel"]}'
)
ON_HEAD: Final = config(task_type=None, target_modules=["q_proj", "v_proj", "score"])
SCORE: Final = factors("score", 3)


@pytest.mark.parametrize(
    "lines",
    [
        (NEW_HEAD, ON_HEAD),
        (NEW_HEAD, ON_HEAD, *SCORE, "tensor base_model.model.score.base_layer.weight F32 [3, 16]"),
        *(
            (line, ON_HEAD, *SCORE)
            for line in (
                NEW_HEAD.replace("LlamaModel", "LlamaRewardModel"),
                NEW_HEAD.replace("LlamaModel", "LlamaForSequenceClassification"),
                NEW_HEAD.replace('LlamaModel"', 'LlamaModel", "LlamaForTokenClassification"'),
                NEW_HEAD.replace("LlamaForSequenceClassification", "LlamaForCausalLM"),
            )
        ),
    ],
)
def test_heads_that_are_not_new_or_not_adapted(lines: tuple[str, ...]) -> None:
    assert not {"LC531", "LC901"} & {d.code for d in judged(*lines).diagnostics}


def test_a_new_head() -> None:
    (error,) = (d for d in judged(NEW_HEAD, ON_HEAD, *SCORE).diagnostics if d.severity == "error")
    assert (error.code, error.count) == ("LC531", 1)
    assert error.message == (
        "the adapter changes `score`, which `LlamaForSequenceClassification` adds to the base's "
        "`LlamaModel` with random weights"
    )
    assert error.location.tensor == "base_model.model.score.lora_A.weight"
    assert error.help == "train again with `score` in `modules_to_save`"


@pytest.mark.parametrize(
    ("lines", "errors"),
    [
        ((), ["LC531"]),  # the missing tensors of the new head have the same cause
        (("drop layers.1.*velora",), ["LC531", "LC690"]),
    ],
)
def test_a_new_head_explains_its_tensors(lines: tuple[str, ...], errors: list[str]) -> None:
    made = (NEW_HEAD, made_with(velora_config={}), ON_HEAD, *SCORE)
    assert error_codes(*made, *lines) == errors


def test_a_new_head_of_two_layers() -> None:
    paths = ("classifier.dense", "classifier.out_proj")
    lines = (
        config(task_type=None, target_modules=["q_proj", "v_proj", "dense", "out_proj"]),
        *(line for path in paths for line in factors(path, 16)),
    )
    files, base = build(lines)
    assert base
    heads = {path: Module(path, Kind.LINEAR, "Linear", {"weight": (16, 16)}) for path in paths}
    name = "RobertaForSequenceClassification"
    base = replace(base, class_name=name, modules={**base.modules, **heads})
    resolved = ResolvedBase(base, saved_as=("RobertaForMaskedLM",))
    report = Engine(OPTIONS).open_read(read_adapter(files), resolved).report
    (error,) = (d for d in report.diagnostics if d.severity == "error")
    assert (error.code, error.count) == ("LC531", 2)
    assert "changes `classifier.dense` and `classifier.out_proj`, which" in error.message
    assert error.help == "train again with `classifier` in `modules_to_save`"
