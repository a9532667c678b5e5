"""Whole embeddings in files, which `save_embedding_layers` puts there, beside what wraps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from loracfg import Options, validate
from loracfg.report.report import AdapterReport
from tests.zoo import tiny_model

peft = pytest.importorskip("peft")
pytestmark = pytest.mark.filterwarnings("ignore")

WEIGHTS: Final = "adapter_model.safetensors"
PREFIX: Final = "base_model.model."

BOTH: Final = {"modules_to_save": ["embed_tokens", "lm_head"]}
CASES: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    "saved": ("llama", {}, BOTH),
    "saved-tied": ("llama", {"tie_word_embeddings": True}, BOTH),
    "saved-with-biases": ("gpt2", {}, {"modules_to_save": ["wte"], "bias": "all"}),
    "saved-decoder": ("bert", {"head": "MASKED_LM"}, {"modules_to_save": ["decoder"]}),
    "inside-a-saved-one": ("bert", {"head": "MASKED_LM"}, {"modules_to_save": ["predictions"]}),
    "tokens": ("llama", {}, {"trainable_token_indices": [1, 2]}),
    "tokens-tied": (
        "llama",
        {"tie_word_embeddings": True},
        {"trainable_token_indices": [1, 2]},
    ),
    "tokens-of-a-saved-one": (
        "llama",
        {},
        {"trainable_token_indices": [1, 2], "modules_to_save": ["embed_tokens"]},
    ),
    "tokens-below-an-adapter": (
        "whisper",
        {},
        {"trainable_token_indices": [1, 2], "target_modules": ["fc1", "proj_out"]},
    ),
    "dora": ("gpt2", {}, {"target_modules": ["wte", "c_attn"], "use_dora": True}),
    "dora-inside": ("bert", {}, {"target_modules": ["word_embeddings"], "use_dora": True}),
}
"""By name: a model type, changes of it, and a config; those without targets have attention's."""
ATTENTION: Final = {"llama": ["q_proj"], "gpt2": ["c_attn"], "bert": ["query"]}


def made(folder: Path, name: str, **saving: Any) -> tuple[Any, Any]:
    """Save an adapter with random weights and its base; return the model and a new base."""
    model_type, changes, config = CASES[name]
    base = tiny_model(model_type, **changes)
    base.config.architectures = [type(base).__name__]
    base.save_pretrained(str(folder / "base"))
    options = {"target_modules": ATTENTION.get(model_type), "r": 2} | config
    model = peft.get_peft_model(base, peft.LoraConfig(**options))
    for parameter in model.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, std=0.2)
    model.save_pretrained(str(folder), **saving)
    return model.eval(), tiny_model(model_type, **changes)


def judged(folder: Path, base: str = "base") -> AdapterReport:
    (found,) = validate(folder, Options(base=str(folder / base))).adapters
    return found


def codes(found: AdapterReport) -> list[str]:
    return [d.code for d in found.diagnostics if d.severity != "info"]


@pytest.mark.parametrize("name", CASES)
def test_what_peft_saves_beside_an_embedding_is_no_stray(name: str, tmp_path: Path) -> None:
    trained, base = made(tmp_path, name, save_embedding_layers=True)
    loaded = peft.PeftModel.from_pretrained(base, str(tmp_path))
    state = loaded.state_dict()
    assert all(torch.equal(state[key], value) for key, value in trained.state_dict().items())
    found = judged(tmp_path)
    assert (found.status, codes(found)) == ("valid", [])
    assert found.coverage is not None
    assert (found.coverage.unexpected, found.coverage.mismatched) == (0, 0)


def test_copies_are_counted(tmp_path: Path) -> None:
    made(tmp_path, "saved", save_embedding_layers=True)
    (found,) = [d for d in judged(tmp_path).diagnostics if d.code == "LC630"]
    assert found.message.startswith("`lm_head` and `model.embed_tokens` are saved more than once:")
    assert (found.severity, found.count) == ("info", 4)


def test_a_vocabulary_that_grew(tmp_path: Path) -> None:
    """`"auto"` saves embeddings when the vocabulary is not that of the base on disk."""
    tiny_model("llama").save_pretrained(str(tmp_path / "base"))
    base: Any = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "base")
    base.resize_token_embeddings(110)
    base.save_pretrained(str(tmp_path / "resized"))
    config = peft.LoraConfig(target_modules=["q_proj"], task_type="CAUSAL_LM", **BOTH)
    peft.get_peft_model(base, config).save_pretrained(str(tmp_path))
    assert f"{PREFIX}lm_head.original_module.weight" in load_file(tmp_path / WEIGHTS)
    assert codes(judged(tmp_path, "resized")) == []
    found = judged(tmp_path)
    assert [(d.code, d.count) for d in found.diagnostics if d.severity == "error"] == [("LC606", 6)]


def test_the_name_of_another_adapter_is_left_in_copies(tmp_path: Path) -> None:
    """PEFT removes the adapter's name from a name's end only."""
    made(tmp_path, "inside-a-saved-one", save_embedding_layers=True)
    tensors = load_file(tmp_path / WEIGHTS)
    assert any(".modules_to_save.default." in name for name in tensors)
    for name in ("", "other."):
        renamed = {k.replace("save.default.", f"save.{name}"): t for k, t in tensors.items()}
        save_file(renamed, tmp_path / WEIGHTS, metadata={"format": "pt"})
        assert codes(judged(tmp_path)) == []


@pytest.mark.parametrize(
    "name",
    ["q_proj.modules_to_save.weight", "lm_head.modules_to_save.bias", "lm_head.original.weight"],
)
def test_other_tensors_stay_strays(name: str, tmp_path: Path) -> None:
    made(tmp_path, "saved")
    tensors = load_file(tmp_path / WEIGHTS)
    tensors[PREFIX + name] = tensors[f"{PREFIX}lm_head.weight"].clone()
    save_file(tensors, tmp_path / WEIGHTS, metadata={"format": "pt"})
    assert codes(judged(tmp_path)) == ["LC691"]
