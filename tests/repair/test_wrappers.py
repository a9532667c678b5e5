"""Names of a wrapper's text model are repaired for the class that they name, never for another.

For these types, the task's class is the text model alone, and `config.json` names the wrapper.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from loracfg.adapter.header.tensor import Tensor
from loracfg.base.catalogue import lookup
from loracfg.config.model.lora_config import LoraConfig
from loracfg.engine.fixing import fix
from loracfg.planning.build import build_plan
from loracfg.planning.patterns import PatternBudget
from loracfg.testing.memory_files import safetensors_bytes

WRAPPERS: Final = {
    "qwen3_5": "Qwen3_5ForConditionalGeneration",
    "qwen3_5_moe": "Qwen3_5MoeForConditionalGeneration",
    "llama4": "Llama4ForConditionalGeneration",
    "mllama": "MllamaForConditionalGeneration",
}
PREFIX: Final = "base_model.model."
BREAKS: Final[dict[str, Callable[[str], str]]] = {
    "no prefix": lambda name: name.removeprefix(PREFIX),
    "the prefix twice": lambda name: PREFIX + name,
    "of a parallel model": lambda name: name.replace(PREFIX, f"{PREFIX}module."),
}


@pytest.mark.parametrize("broken", BREAKS)
@pytest.mark.parametrize("of_text", [True, False])
@pytest.mark.parametrize("model_type", WRAPPERS)
def test_the_names_choose_the_class(
    model_type: str, of_text: bool, broken: str, tmp_path: Path
) -> None:
    base = {
        "model_type": model_type,
        "architectures": [WRAPPERS[model_type]],
        "text_config": {"num_hidden_layers": 4},
    }
    text, wrapper = lookup.trusted_classes(base, "CAUSAL_LM")
    config = LoraConfig(target_modules=["q_proj"], r=2, task_type="CAUSAL_LM")
    tree = lookup.build(base, text if of_text else wrapper)
    shapes = build_plan(config, tree, PatternBudget()).shapes
    names = list(shapes)
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "config.json").write_text(json.dumps(base))
    config.save_pretrained(tmp_path / "adapter")
    tensors = [Tensor(BREAKS[broken](name), "F32", shapes[name]) for name in names]
    (tmp_path / "adapter/adapter_model.safetensors").write_bytes(safetensors_bytes(tensors))
    repaired = fix(tmp_path / "adapter", base=str(tmp_path / "base"))
    if repaired.steps:
        assert repaired.draft.tensors is not None
        assert sorted(repaired.draft.tensors) == sorted(names)
    else:  # PEFT adds a missing prefix for these types
        assert (broken, repaired.before.status) == ("no prefix", "valid")
