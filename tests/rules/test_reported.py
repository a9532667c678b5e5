"""Failures that people reported, made with the real PEFT and transformers."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from loracfg import Options, validate
from loracfg.report.model import AdapterReport, Diagnostic
from tests.made.multimodal import CONFIGS
from tests.zoo import tiny_model

WEIGHTS = "adapter_model.safetensors"
TOKENS = torch.arange(8).reshape(1, 8)


@pytest.fixture(scope="module")
def llava() -> Any:
    config = CONFIGS["LlavaForConditionalGeneration"]
    return transformers.AutoConfig.for_model(**config)


def adapted(model: Any, folder: Path, saving: dict[str, Any] | None = None, **config: Any) -> Any:
    """Put an adapter with random weights on a model, and save it and the model's config."""
    wrapped = peft.get_peft_model(model, peft.LoraConfig(r=4, lora_alpha=8, **config))
    for name, parameter in wrapped.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(parameter)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapped.save_pretrained(str(folder), **saving or {})
    model.config.architectures = [type(model).__name__]
    model.config.to_json_file(folder / "config.json")
    return wrapped.eval()


def report(folder: Path, **options: Any) -> AdapterReport:
    (found,) = validate(folder, Options(base=str(folder / "config.json"), **options)).adapters
    return found


def found_in(folder: Path, code: str) -> list[Diagnostic]:
    return [d for d in report(folder).diagnostics if d.code == code]


@pytest.mark.parametrize(
    ("targets", "saving", "copies"),
    [
        (["q_proj", "embed_tokens"], {}, 1),
        (["q_proj", "embed_tokens"], {"save_embedding_layers": False}, 0),
        (["q_proj"], {"save_embedding_layers": True}, 2),
        (["q_proj"], {}, 0),
    ],
)
def test_embeddings_may_be_left_out(
    targets: list[str], saving: dict[str, bool], copies: int, tmp_path: Path
) -> None:
    base = tiny_model("llama")
    start = {name: tensor.clone() for name, tensor in base.state_dict().items()}
    trained = adapted(base, tmp_path, saving, target_modules=targets)
    assert report(tmp_path).status == "valid"
    assert sum(d.count for d in found_in(tmp_path, "LC630")) == copies
    whole = [name for name in load_file(tmp_path / WEIGHTS) if "lora" not in name]
    assert len(whole) == copies
    again = tiny_model("llama")
    again.load_state_dict(start)
    loaded = peft.PeftModel.from_pretrained(again, str(tmp_path)).eval()
    assert torch.equal(trained(TOKENS).logits, loaded(TOKENS).logits)


def test_targets_in_the_vision_tower(llava: Any, tmp_path: Path) -> None:
    model = transformers.LlavaForConditionalGeneration(llava)
    adapted(model, tmp_path, target_modules=["q_proj"])
    (found,) = found_in(tmp_path, "LC631")
    tensors = load_file(tmp_path / WEIGHTS)
    assert found.count == sum("vision_tower" in n and "lora_A" in n for n in tensors) == 2
    assert "2 layers of `model.language_model` and 2 of `model.vision_tower`" in found.message


def test_exclude_modules_as_advised(llava: Any, tmp_path: Path) -> None:
    model = transformers.LlavaForConditionalGeneration(llava)
    advised = ".*model.vision_tower.*"
    adapted(model, tmp_path, target_modules=["q_proj"], exclude_modules=advised)
    assert not any("vision_tower" in name for name in load_file(tmp_path / WEIGHTS))
    assert found_in(tmp_path, "LC631") == []


def test_all_linear_leaves_nothing_out(llava: Any, tmp_path: Path) -> None:
    model = transformers.LlavaForConditionalGeneration(llava)
    adapted(model, tmp_path, target_modules="all-linear")
    assert any("multi_modal_projector" in name for name in load_file(tmp_path / WEIGHTS))
    assert found_in(tmp_path, "LC632") == []


def test_a_pattern_of_blocks_leaves_the_projector_out(llava: Any, tmp_path: Path) -> None:
    model = transformers.LlavaForConditionalGeneration(llava)
    blocks = r"model\.(language_model|vision_tower)\..*\.(\w+_proj|fc[12])"
    adapted(model, tmp_path, target_modules=blocks)
    assert not any("projector" in name for name in load_file(tmp_path / WEIGHTS))
    (found,) = found_in(tmp_path, "LC632")
    assert found.count == 2
    assert "`model.multi_modal_projector.linear_1`" in found.message
    assert found_in(tmp_path, "LC631") == []


@pytest.mark.parametrize(("alphas", "scaling"), [({}, 2 / 3), ({"qkv_proj": 24}, 2)])
def test_fused_layer_with_the_alpha_of_its_parts(
    alphas: dict[str, int], scaling: float, tmp_path: Path
) -> None:
    patterns = {"rank_pattern": {"qkv_proj": 12}, "alpha_pattern": alphas}
    model = adapted(
        tiny_model("phi3"), tmp_path, target_modules=["qkv_proj", "down_proj"], **patterns
    )
    layers = [m for n, m in model.named_modules() if n.endswith("qkv_proj")]
    assert [layer.scaling["default"] for layer in layers] == pytest.approx([scaling] * len(layers))
    found = found_in(tmp_path, "LC340")
    assert [d.count for d in found] == ([] if alphas else [len(layers)])


def save(tensors: dict[str, torch.Tensor], folder: Path) -> None:
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})


def with_alphas(tensors: dict[str, torch.Tensor], alpha: torch.Tensor) -> dict[str, torch.Tensor]:
    """Add the buffer `alpha` that kohya's `LoRAModule` registers (`networks/lora.py`)."""
    firsts = [name for name in tensors if name.endswith(".lora_A.weight")]
    return tensors | {n.replace("lora_A.weight", "alpha"): alpha.clone() for n in firsts}


@pytest.mark.parametrize(
    ("alpha", "differs"),
    [
        (torch.tensor(8.0), False),
        (torch.tensor(8), False),
        (torch.tensor(16), True),
        (torch.tensor(16.0, dtype=torch.float16), True),
        (torch.tensor(0.5, dtype=torch.bfloat16), True),
        (torch.tensor([16.0]), True),
    ],
    ids=str,
)
def test_alphas_beside_the_factors(alpha: torch.Tensor, differs: bool, tmp_path: Path) -> None:
    trained = adapted(tiny_model("llama"), tmp_path, target_modules=["q_proj", "v_proj"])
    save(with_alphas(load_file(tmp_path / WEIGHTS), alpha), tmp_path)
    assert report(tmp_path).status == "valid"
    assert [d.count for d in found_in(tmp_path, "LC530")] == [4]
    found = [d for d in report(tmp_path, data=True).diagnostics if d.code == "LC437"]
    assert len(found) == differs
    assert all(f"alpha `{float(alpha):g}`, the config `8`" in d.message for d in found)
    loaded = peft.PeftModel.from_pretrained(tiny_model("llama"), str(tmp_path)).eval()
    assert torch.equal(trained(TOKENS).logits, loaded(TOKENS).logits)  # whatever they are


def test_alphas_of_a_kohya_file(tmp_path: Path) -> None:
    """diffusers writes the file, and reads the same alphas from it."""
    pytest.importorskip("diffusers", reason="`diffusers` is not installed")
    from diffusers.loaders.lora_conversion_utils import _convert_non_diffusers_lora_to_diffusers
    from diffusers.utils.state_dict_utils import convert_state_dict_to_kohya

    block = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1"
    factors = {
        f"{block}.{layer}.lora_{part}.weight": torch.ones(shape)
        for layer, rank in (("to_q", 4), ("to_k", 4), ("to_v", 16))
        for part, shape in (("A", (rank, 8)), ("B", (8, rank)))
    }
    adapted(tiny_model("llama"), tmp_path, target_modules=["q_proj"])
    save(convert_state_dict_to_kohya(factors), tmp_path)
    _, read = _convert_non_diffusers_lora_to_diffusers(load_file(tmp_path / WEIGHTS))
    assert sorted(read.values()) == [4, 4, 16]
    codes = {d.code: d for d in report(tmp_path, data=True).diagnostics}
    assert {"LC437", "LC501"} <= codes.keys()
    assert codes["LC437"].count == 3
    assert "alpha `4` and `16`, the config `8`" in codes["LC437"].message
