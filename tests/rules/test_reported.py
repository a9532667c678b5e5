"""Failures that people reported, made with the real PEFT and transformers."""

from __future__ import annotations

import warnings
from functools import partial
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models

from loracfg import Options, validate
from loracfg.report.report import AdapterReport, Diagnostic
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
def test_alphas_next_to_the_factors(alpha: torch.Tensor, differs: bool, tmp_path: Path) -> None:
    trained = adapted(tiny_model("llama"), tmp_path, target_modules=["q_proj", "v_proj"])
    save(with_alphas(load_file(tmp_path / WEIGHTS), alpha), tmp_path)
    assert report(tmp_path).status == "valid"
    assert [d.count for d in found_in(tmp_path, "LC530")] == [4]
    found = [d for d in report(tmp_path, data=True).diagnostics if d.code == "LC437"]
    assert len(found) == differs
    words = f"alpha `{float(alpha):g}` in the file, but `8` in the config"
    assert all(words in d.message for d in found)
    loaded = peft.PeftModel.from_pretrained(tiny_model("llama"), str(tmp_path)).eval()
    assert torch.equal(trained(TOKENS).logits, loaded(TOKENS).logits)  # whatever they are


def test_alphas_of_a_kohya_file(tmp_path: Path) -> None:
    """diffusers writes the file, and reads the same alphas from it."""
    pytest.importorskip("diffusers", reason="`diffusers` is not installed")
    from diffusers.loaders import lora_conversion_utils
    from diffusers.utils import state_dict_utils

    block = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1"
    factors = {
        f"{block}.{layer}.lora_{part}.weight": torch.ones(shape)
        for layer, rank in (("to_q", 4), ("to_k", 4), ("to_v", 16))
        for part, shape in (("A", (rank, 8)), ("B", (8, rank)))
    }
    adapted(tiny_model("llama"), tmp_path, target_modules=["q_proj"])
    writer: Any = state_dict_utils.convert_state_dict_to_kohya
    save(writer(factors), tmp_path)
    reader: Any = lora_conversion_utils._convert_non_diffusers_lora_to_diffusers
    _, read = reader(load_file(tmp_path / WEIGHTS))
    assert sorted(read.values()) == [4, 4, 16]
    codes = {d.code: d for d in report(tmp_path, data=True).diagnostics}
    assert {"LC437", "LC501"} <= codes.keys()
    assert codes["LC437"].count == 3
    assert "alpha `4` and `16` in the file, but `8` in the config" in codes["LC437"].message


@pytest.mark.parametrize(
    ("task", "targets"),
    [(None, ["q_proj", "score"]), (None, "all-linear"), ("SEQ_CLS", ["q_proj", "score"])],
)
def test_adapter_on_a_head_that_the_base_does_not_have(
    task: str | None, targets: Any, tmp_path: Path
) -> None:
    tiny_model("llama").save_pretrained(tmp_path / "base")
    head = transformers.LlamaForSequenceClassification
    load = partial(head.from_pretrained, tmp_path / "base", num_labels=3)
    trained = adapted(load(), tmp_path / "adapter", task_type=task, target_modules=targets)
    loaded = peft.PeftModel.from_pretrained(load(), str(tmp_path / "adapter")).eval()
    same = torch.equal(trained(TOKENS).logits, loaded(TOKENS).logits)
    (found,) = validate(tmp_path / "adapter", Options(base=str(tmp_path / "base"))).adapters
    errors = [d.code for d in found.diagnostics if d.severity == "error"]
    assert errors == ([] if same else ["LC531"])
    assert same is (task is not None)


def test_adapter_on_a_head_that_the_base_has(tmp_path: Path) -> None:
    config = tiny_model("llama").config
    config.num_labels = 3
    head: Any = transformers.LlamaForSequenceClassification
    base = head(config)
    base.save_pretrained(tmp_path / "base")
    adapted(base, tmp_path / "adapter", target_modules="all-linear")
    assert any("score" in name for name in load_file(tmp_path / "adapter" / WEIGHTS))
    (found,) = validate(tmp_path / "adapter", Options(base=str(tmp_path / "base"))).adapters
    assert found.status == "valid"


def tokenizer(size: int) -> Any:
    words = models.WordLevel({f"w{number}": number for number in range(size)})
    made: Any = transformers.PreTrainedTokenizerFast
    return made(tokenizer_object=Tokenizer(words))


@pytest.mark.parametrize(
    ("new", "saving", "codes"),
    [
        ({"mask_token": "<tool>"}, {"save_embedding_layers": False}, ["LC633"]),
        ({"mask_token": "<tool>"}, {}, ["LC606"]),
        ({"pad_token": "<pad>"}, {"save_embedding_layers": False}, []),
        ({}, {}, []),
    ],
)
def test_tokens_added_in_training(
    new: dict[str, Any], saving: dict[str, bool], codes: list[str], tmp_path: Path
) -> None:
    base: Any = tiny_model("llama")
    rows = base.config.vocab_size
    words = tokenizer(rows)
    base.save_pretrained(tmp_path / "base")
    words.save_pretrained(tmp_path / "base")
    words.add_special_tokens(dict(new))
    base.resize_token_embeddings(len(words))
    base.name_or_path = str(tmp_path / "base")
    adapted(base, tmp_path / "adapter", saving, target_modules=["q_proj"], task_type="CAUSAL_LM")
    words.save_pretrained(tmp_path / "adapter")
    (found,) = validate(tmp_path / "adapter", Options(base=str(tmp_path / "base"))).adapters
    assert [d.code for d in found.diagnostics if d.severity == "error"] == codes
    if codes == ["LC633"]:
        message = next(d.message for d in found.diagnostics if d.code == "LC633")
        assert f"1 token beyond the `{rows}` rows of `model.embed_tokens`: `<tool>`" in message
        again: Any = tiny_model("llama")
        again.resize_token_embeddings(len(words))
        peft.PeftModel.from_pretrained(again, str(tmp_path / "adapter"))
        trained, random = (m.get_input_embeddings().weight[rows] for m in (base, again))
        assert not torch.equal(trained, random)
