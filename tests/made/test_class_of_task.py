"""The class that a task leads to beside the class whose modules the tensors name."""

from __future__ import annotations

import copy
import json
import warnings
from pathlib import Path
from typing import Any, Final

import pytest
import torch
import transformers

from loracfg import Options, validate
from loracfg.engine.fronts import compat

peft = pytest.importorskip("peft")

_TEXT: Final = {
    "model_type": "qwen3_5_text",
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "layer_types": ["full_attention", "full_attention"],
}
_VISION: Final = {"depth": 1, "hidden_size": 32, "intermediate_size": 48, "num_heads": 2}
WRAPPER: Final = "Qwen3_5ForConditionalGeneration"
TEXT: Final = "Qwen3_5ForCausalLM"


ENGINES: Final = ("transformers", "vllm==0.32", "vllm==0.33")


def answers(folder: Path) -> tuple[str, ...]:
    """Return what engines do: vLLM builds the class that the base's config names."""
    options = Options(base=str(folder / "config.json"))
    return tuple(verdict.answer for verdict in compat(folder, ENGINES, options))


def config() -> Any:
    values = {"text_config": dict(_TEXT), "vision_config": _VISION | {"out_hidden_size": 32}}
    return transformers.AutoConfig.for_model("qwen3_5", **copy.deepcopy(values))


@pytest.mark.parametrize(
    ("name", "task", "warned"),
    [
        (WRAPPER, "CAUSAL_LM", True),
        (WRAPPER, None, False),
        (TEXT, "CAUSAL_LM", False),
    ],
)
def test_a_task_that_leads_to_another_class(
    name: str, task: str | None, warned: bool, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    model_class: Any = getattr(transformers, name)
    text = config() if name == WRAPPER else config().text_config
    wanted = peft.LoraConfig(r=2, target_modules=r".*layers.*\.[qv]_proj", task_type=task)
    adapted = peft.get_peft_model(model_class(text), wanted)
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter)
    adapted.save_pretrained(str(tmp_path))
    given = config().to_dict() | {"architectures": [WRAPPER]}
    (tmp_path / "config.json").write_text(json.dumps(given))

    automatic: Any = transformers.AutoModelForCausalLM
    loaded = automatic.from_config(config()).eval()
    assert type(loaded).__name__ == TEXT
    tokens = torch.arange(6).reshape(1, 6)
    before = loaded(tokens).logits
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        after = peft.PeftModel.from_pretrained(loaded, str(tmp_path)).eval()(tokens).logits
    assert torch.equal(before, after) is (name == WRAPPER)

    (report,) = validate(tmp_path, Options(base=str(tmp_path / "config.json"))).adapters
    assert report.status == "valid"
    found = [d for d in report.diagnostics if d.code == "LC626"]
    assert answers(tmp_path) == ("loads", "loads" if name == WRAPPER else "differs", "loads")
    assert bool(found) is warned
    assert all(WRAPPER in d.message and TEXT in d.message for d in found)
