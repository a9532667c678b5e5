"""Heads that a class adds to a checkpoint: those that differ at each load are reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import torch
import transformers

from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.training.planned import plan
from tests.zoo import CONFIGS, tiny_model

peft = pytest.importorskip("peft")

SIZES: Final = {
    "vocab_size": 60,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 64,
    "pad_token_id": 0,
}
AUDIO: Final = SIZES | {
    "conv_dim": (8, 8),
    "conv_stride": (2, 2),
    "conv_kernel": (3, 3),
    "num_feat_extract_layers": 2,
    "num_conv_pos_embeddings": 4,
    "num_conv_pos_embedding_groups": 2,
    "classifier_proj_size": 8,
}
MODELS: Final[dict[str, tuple[str, str | None, dict[str, Any], str]]] = {
    "RobertaForSequenceClassification": ("roberta", "RobertaForMaskedLM", SIZES, "query"),
    "LlamaForSequenceClassification": ("llama", None, {}, "q_proj"),
    "BartForSequenceClassification": ("bart", None, {}, "q_proj"),
    "T5ForSequenceClassification": ("t5", None, {}, "q"),
    "DistilBertForSequenceClassification": ("distilbert", None, {}, "q_lin"),
    "ViTForImageClassification": ("vit", "ViTModel", {}, "q_proj"),
    "ModernBertForSequenceClassification": (
        "modernbert",
        "ModernBertForMaskedLM",
        SIZES | {"hidden_size": 32},
        "Wqkv",
    ),
    "Wav2Vec2ForSequenceClassification": ("wav2vec2", "Wav2Vec2Model", AUDIO, "q_proj"),
}
"""Classes with the type, the class of the checkpoint, config values, and a target."""


def checkpoint(model_type: str, class_name: str | None, values: dict[str, Any], root: Path) -> Path:
    if class_name is None:
        model = tiny_model(model_type)
    else:
        config = transformers.AutoConfig.for_model(
            model_type, **(CONFIGS.get(model_type, {}) | values)
        )
        model = getattr(transformers, class_name)(config)
    model.save_pretrained(root)
    return root


@pytest.mark.parametrize("task", [None, "SEQ_CLS"])
@pytest.mark.parametrize("name", MODELS)
def test_heads_that_differ_at_each_load_are_reported(
    name: str, task: str | None, tmp_path: Path
) -> None:
    model_type, class_name, values, target = MODELS[name]
    base = checkpoint(model_type, class_name, values, tmp_path / "base")

    def loaded(seed: int) -> Any:
        torch.manual_seed(seed)
        return getattr(transformers, name).from_pretrained(base)

    config = peft.LoraConfig(task_type=task, target_modules=[target], r=2)
    peft.get_peft_model(loaded(0), config).save_pretrained(tmp_path / "adapter")
    first, second = (
        peft.PeftModel.from_pretrained(loaded(seed), str(tmp_path / "adapter")).state_dict()
        for seed in (1, 2)
    )
    differing = {
        key.removeprefix("base_model.model.").partition(".")[0]
        for key, value in first.items()
        if ".original_module." not in key and not torch.equal(value, second[key])
    }
    options = Options(base=str(base), class_name=name)
    for report in (
        validate(tmp_path / "adapter", options).adapters[0],
        plan(tmp_path / "adapter", options=options).report,
    ):
        errors = [one for one in report.diagnostics if one.severity == "error"]
        assert [one.code for one in errors] == (["LC533"] if differing else [])
        assert all(f"`{head}`" in errors[0].message for head in differing)
