"""Files from other tools and methods are recognized; PEFT applies nothing from them."""

from __future__ import annotations

import json
import time
import warnings
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("peft", reason="compares with PEFT")

import peft
import torch
from safetensors.torch import load_file, save_file

from loracfg.adapter.dialects import dialect_of, names_of_tinker
from loracfg.engine.fronts import validate
from loracfg.engine.options import Options
from loracfg.report.report import AdapterReport, Diagnostic
from tests.zoo import tiny_model

QV = ["q_proj", "v_proj"]
METHODS: dict[str, dict[str, Any]] = {
    "ADALORA": {"total_step": 10, "target_modules": QV},
    "IA3": {"target_modules": QV, "feedforward_modules": []},
    "LN_TUNING": {"target_modules": ["input_layernorm"]},
    "LOHA": {"target_modules": QV},
    "LOKR": {"target_modules": QV},
    "OFT": {"target_modules": QV, "oft_block_size": 4},
    "PROMPT_TUNING": {"num_virtual_tokens": 4},
    "TRAINABLE_TOKENS": {"target_modules": ["embed_tokens"], "token_indices": [1, 2]},
    "VERA": {"target_modules": QV},
}


def report(folder: Path, base: Path | None = None) -> AdapterReport:
    (one,) = validate(folder, Options(base=str(base) if base else None)).adapters
    return one


def errors(folder: Path, base: Path | None = None) -> list[Diagnostic]:
    return [d for d in report(folder, base).diagnostics if d.severity == "error"]


def saved(config: Any, folder: Path) -> dict[str, torch.Tensor]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peft.get_peft_model(tiny_model("llama"), config).save_pretrained(str(folder))
    return load_file(folder / "adapter_model.safetensors")


def loads_something(folder: Path) -> bool:
    """Tell whether loading the adapter changes a value of the model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = peft.PeftModel.from_pretrained(tiny_model("llama"), str(folder))
        plain = peft.get_peft_model(tiny_model("llama"), model.peft_config["default"])
    others = dict(plain.named_parameters())
    return any(
        not torch.equal(p, others[n]) for n, p in model.named_parameters() if "lora_A" not in n
    )


@pytest.mark.parametrize("method", METHODS)
def test_the_message_names_another_method(method: str, tmp_path: Path) -> None:
    made = peft.PEFT_TYPE_TO_CONFIG_MAPPING[peft.PeftType[method]]
    saved(made(task_type="CAUSAL_LM", **METHODS[method]), tmp_path)
    assert not errors(tmp_path)
    lora: dict[str, Any] = peft.LoraConfig(r=4, target_modules=QV).to_dict()  # type: ignore[no-untyped-call]
    (tmp_path / "adapter_config.json").write_text(json.dumps(lora | {"target_modules": QV}))
    assert not loads_something(tmp_path)
    (found,) = errors(tmp_path)
    assert found.code == ("LC504" if method == "PROMPT_TUNING" else "LC501")
    assert found.code == "LC504" or method in found.message


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("foreign") / "base"
    tiny_model("llama").save_pretrained(folder)
    return folder


@pytest.mark.parametrize("trained", ["modules_to_save", "trainable_token_indices"])
def test_adapter_without_targets(trained: str, base: Path, tmp_path: Path) -> None:
    values: dict[str, Any] = {"modules_to_save": ["lm_head"], "trainable_token_indices": [1, 2]}
    config = peft.LoraConfig(
        target_modules="dummy-target-modules",
        task_type="CAUSAL_LM",
        **{trained: values[trained]},
    )
    tensors = saved(config, tmp_path)
    assert not any("lora_" in name for name in tensors)
    save_file({n: t + 1 for n, t in tensors.items()}, tmp_path / "adapter_model.safetensors")
    assert loads_something(tmp_path)
    assert not errors(tmp_path)
    assert report(tmp_path, base).status == "valid"


@pytest.mark.parametrize("with_base", [True, False])
@pytest.mark.parametrize(
    "names",
    [
        ("foo.bar", "baz"),
        ("base_model.model.extra.weight",),
        ("model.layers.0.self_attn.q_proj.weight", "model.layers.0.self_attn.q_proj.bias"),
        ("base_model.model.model.layers.0.self_attn.q_proj.base_layer.weight",),
    ],
    ids=lambda names: names[0],
)
def test_file_without_factors(
    names: tuple[str, ...], with_base: bool, base: Path, tmp_path: Path
) -> None:
    saved(peft.LoraConfig(target_modules=QV, task_type="CAUSAL_LM"), tmp_path)
    tensors = {name: torch.ones(4, 4) for name in names}
    save_file(tensors, tmp_path / "adapter_model.safetensors")
    if "base_layer" not in names[0]:
        assert not loads_something(tmp_path)
    (found,) = errors(tmp_path, base if with_base else None)
    assert found.code == "LC504"
    assert f"`{sorted(names)[0]}`" in found.message


def test_a_file_with_only_trained_tokens(base: Path, tmp_path: Path) -> None:
    config = peft.LoraConfig(target_modules=QV, trainable_token_indices=[1], task_type="CAUSAL_LM")
    tokens = {name: value for name, value in saved(config, tmp_path).items() if "tokens" in name}
    save_file(tokens, tmp_path / "adapter_model.safetensors")
    (found,) = errors(tmp_path, base)
    assert found.code == "LC617"
    (found,) = errors(tmp_path)
    assert found.code == "LC504"
    assert found.message == f"the only tensor is not a LoRA factor: `{next(iter(tokens))}`"


@pytest.mark.parametrize(
    ("tool", "names"),
    [
        ("kohya's scripts", ["lora_te1_text_model_layers_0_mlp_fc1.lora_down.weight"]),
        ("kohya's scripts", ["lora_unet_blocks_0_q.dora_scale", "lora_unet_blocks_0_q.alpha"]),
        ("LoHa of LyCORIS", ["lora_unet_mid.hada_w1_a", "lora_unet_mid.alpha"]),
        ("LoKr of LyCORIS", ["lycoris_blocks_0_q.lokr_w1"]),
        ("ComfyUI", ["diffusion_model.blocks.0.self_attn.q.lora_A.weight"]),
        ("ComfyUI", ["blocks.0.cross_attn.k.lora_down.weight", "blocks.0.norm3.diff"]),
        ("diffusers", ["unet.mid_block.attentions.0.proj_in.lora_A.weight"]),
        ("diffusers", ["text_encoder.text_model.encoder.layers.0.mlp.fc1.lora_B.weight"]),
        ("diffusers", ["transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight"]),
        ("diffusers", ["transformer.blocks.0.attn1.to_q.magnitude"]),
        ("diffusers", ["text_encoder.model.layers.0.self_attn.q_proj.lora_A.weight"]),
        ("diffusers", ["transformer.language_model.layers.0.mlp.up_proj.lora_B.weight"]),
        ("DiffSynth-Studio", ["pipe.dit.blocks.0.self_attn.q.lora_A.default.weight"]),
        ("DiffSynth-Studio", ["dit.model.layers.0.self_attn.q_proj.lora_A.weight"]),
        ("trainers of image models", ["te1.model.layers.0.self_attn.q_proj.lora_A.weight"]),
        ("ComfyUI", ["te1.model.layers.0.self_attn.q_proj.lora_down.weight"]),
        (None, ["base_model.model.dit.blocks.0.self_attn.q.lora_A.weight"]),
        (None, ["base_model.model.te.layers.0.self_attn.q.lora_A.weight"]),
        (None, ["base_model.model.text_encoder.model.layers.0.mlp.up_proj.lora_B.weight"]),
        (
            "diffusers before it used PEFT",
            ["unet.mid_block.attentions.0.attn1.processor.to_k_lora.down.weight"],
        ),
        (
            "diffusers before it used PEFT",
            ["text_encoder.text_model.encoder.layers.0.mlp.fc1.lora_linear_layer.up.weight"],
        ),
        ("mlx-lm", ["model.layers.0.self_attn.q_proj.lora_a", "model.layers.0.mlp.up_proj.m"]),
        ("torchtune", ["layers.0.attn.q_proj.lora_a.weight", "layers.0.attn.q_proj.magnitude"]),
        ("Megatron", ["decoder.layers.0.mlp.linear_fc1.adapter.linear_in.weight"]),
        ("Mistral's own checkpoints", ["layers.0.attention.wq.lora_A.weight"]),
        (None, ["transformer.h.0.attn.c_attn.lora_A.weight"]),
        (None, ["transformer.blocks.0.attn.Wqkv.lora_A.weight"]),
        (None, ["text_encoder.encoder.layers.0.attention.k_proj.lora_A.weight"]),
        (None, ["model.layers.0.attention.wqkv.lora_A.weight"]),
        (None, ["base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"]),
    ],
)
def test_names_show_the_tool(tool: str | None, names: list[str]) -> None:
    found = dialect_of(names)
    assert (found.tool if found else None) == tool


def test_a_tool_is_recognized_next_to_a_tensor_from_peft(base: Path, tmp_path: Path) -> None:
    config = peft.LoraConfig(target_modules=QV, trainable_token_indices=[1], task_type="CAUSAL_LM")
    other = {
        name.replace("lora_A", "lora_down").replace("lora_B", "lora_up"): value
        for name, value in saved(config, tmp_path).items()
    }
    assert any("token_adapter" in name for name in other)
    save_file(other, tmp_path / "adapter_model.safetensors")
    for given in (base, None):
        (found,) = errors(tmp_path, given)
        assert found.code == "LC501"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("lora_unet_mid.lora_down.weight",), "named as kohya's scripts name them"),
        (("q.base_layer.weight", "q.lora_A.default.weight"), "with LoRA factors"),
        (("model.norm.weight",), None),
    ],
)
def test_another_file_in_the_folder(
    names: tuple[str, ...], words: str | None, tmp_path: Path
) -> None:
    save_file({name: torch.ones(2, 2) for name in names}, tmp_path / "some.safetensors")
    (found,) = errors(tmp_path)
    assert found.code == "LC002"
    assert (words or "which PEFT does not look for") in found.message
    (tmp_path / "other.safetensors").write_bytes((tmp_path / "some.safetensors").read_bytes())
    (found,) = errors(tmp_path)
    assert words is None or words not in found.message


EXPERTS = "base_model.model.model.layers.0.mlp.experts"
OUTPUT = "base_model.model.model.unembed_tokens"


def tinker_tensors(width: int, *, experts: bool) -> dict[str, torch.Tensor]:
    """Return tensors with Tinker's own names: the output, and stacks with a shared factor."""
    output = {
        f"{OUTPUT}.lora_A.weight": torch.ones(4, width),
        f"{OUTPUT}.lora_B.weight": torch.ones(96, 4),
    }
    if not experts:
        return output
    shared = {f"{EXPERTS}.{w}.lora_A.weight": torch.ones(1, 4, width) for w in ("w1", "w3")}
    own = {f"{EXPERTS}.{w}.lora_B.weight": torch.ones(4, 8, 4) for w in ("w1", "w3")}
    down = {
        f"{EXPERTS}.w2.lora_A.weight": torch.ones(4, 4, 8),
        f"{EXPERTS}.w2.lora_B.weight": torch.ones(1, width, 4),
    }
    return output | shared | own | down


@pytest.mark.parametrize("with_base", [True, False])
@pytest.mark.parametrize("model", ["llama", "qwen3_moe"])
def test_the_message_names_tinker(model: str, with_base: bool, tmp_path: Path) -> None:
    tiny_model(model).save_pretrained(tmp_path / "base")
    base = tmp_path / "base" if with_base else None
    wrapped = peft.get_peft_model(
        tiny_model(model), peft.LoraConfig(target_modules=QV, r=4, task_type="CAUSAL_LM")
    )
    wrapped.save_pretrained(str(tmp_path))
    assert errors(tmp_path, base) == []
    width = wrapped.config.hidden_size
    more = tinker_tensors(width, experts=model == "qwen3_moe")
    tensors = load_file(tmp_path / "adapter_model.safetensors")
    save_file(tensors | more, tmp_path / "adapter_model.safetensors")
    config = json.loads((tmp_path / "adapter_config.json").read_text())
    targets = {"target_modules": "all-linear"} if model == "qwen3_moe" else {}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config | targets))
    (found,) = errors(tmp_path, base)
    assert (found.code, found.count) == ("LC501", len(more))
    assert "named as Tinker names them" in found.message
    assert "build_lora_adapter" in str(found.help)


def test_modules_of_a_base_are_not_from_tinker() -> None:
    names = ["base_model.model.model.layers.0.mlp.experts.w1.lora_A.weight"]
    assert names_of_tinker(dict.fromkeys(names, (4, 16))) == []
    assert names_of_tinker(dict.fromkeys(names, (1, 4, 16))) == names


def test_the_message_names_older_mlx_vlm(tmp_path: Path) -> None:
    config = {"rank": 10, "alpha": 0.1, "dropout": 0.1}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    names = ("language_model.model.layers.0.self_attn.q_proj.A",)
    save_file({n: torch.ones(4, 2) for n in names}, tmp_path / "adapters.safetensors")
    codes = {found.code: found for found in errors(tmp_path)}
    assert "mlx-vlm" in codes["LC021"].message
    assert "`alpha / rank`" in str(codes["LC021"].help)


def test_a_very_long_name_is_from_no_tool() -> None:
    start = time.process_time()
    assert dialect_of(["linear_qkv." * 100_000]) is None
    assert time.process_time() - start < 1
