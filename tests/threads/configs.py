"""Threads whose cause is in the config of an adapter, or in what it says of the base."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.threads.making import (
    QV,
    Given,
    adapted,
    built,
    edit,
    on,
    on_model,
    quiet,
    rewrite,
    saved,
)
from tests.zoo import FLUX, tiny_model


def peft_3737(root: Path) -> Given:
    """Two adapters with a `rank_pattern`, combined and saved."""
    values = {**QV, "r": 8, "rank_pattern": {"v_proj": 4}, "init_lora_weights": False}
    config = built("peft", "LoraConfig", **values)
    model = built("peft", "get_peft_model", tiny_model("llama"), config, adapter_name="one")
    with quiet():
        model.add_adapter("two", config)
        model.add_weighted_adapter(["one", "two"], [0.5, 0.5], "both", combination_type="linear")
        model.save_pretrained(str(root / "adapters"), selected_adapters=["both"])
    edit(root / "adapters/both", base_model_name_or_path="org/model", init_lora_weights=True)
    base = saved(tiny_model("llama"), root / "base")
    return Given(root / "adapters/both", base, model=lambda: tiny_model("llama"))


def peft_3755(root: Path) -> Given:
    """`modules_to_save` ends the name of a part that PEFT adds to every adapted layer."""
    given = on_model(_speech, root, target_modules=["to_q", "up_conv"])
    edit(given.path, modules_to_save=["out"])
    rewrite(given.path, lambda old: old | _weights_of(_speech(), "out"))
    return given


def _speech() -> Any:
    sizes = {"input_dim": 12, "num_layers": 2, "hidden_dim": 16, "num_heads": 2, "dim_head": 8}
    limits = {"output_dim": 10, "context_size": 20, "max_pos_emb": 32}
    config = built("transformers", "GraniteSpeechEncoderConfig", **sizes, **limits)
    module = "transformers.models.granite_speech.modeling_granite_speech"
    return built(module, "GraniteSpeechCTCEncoder", config)


def _weights_of(model: Any, module: str) -> dict[str, Any]:
    values = model.get_submodule(module).state_dict()
    return {f"base_model.model.{module}.{name}": value for name, value in values.items()}


def gritlm_21(root: Path) -> Given:
    """Made on `AutoModel`, and called an adapter of a causal language model."""
    bare = tiny_model("llama", "FEATURE_EXTRACTION")
    adapter = adapted(bare, root / "adapter", target_modules=["q_proj", "v_proj"])
    edit(adapter, "auto_mapping", task_type="CAUSAL_LM")
    base = saved(tiny_model("llama"), root / "base")
    return Given(adapter, base, model=lambda: tiny_model("llama"))


def huggingface_js_1903(root: Path) -> Given:
    """Whisper, whose task class takes no Whisper."""
    made = adapted(tiny_model("whisper"), root / "adapter", target_modules=["q_proj", "v_proj"])
    edit(made, "auto_mapping", task_type="SEQ_2_SEQ_LM")
    return Given(made, saved(tiny_model("whisper"), root / "base"), model=_seq_2_seq)


def _seq_2_seq() -> Any:
    config = tiny_model("whisper").config
    return import_module("transformers").AutoModelForSeq2SeqLM.from_config(config)


def gpt_oss_recipes_21(root: Path) -> Given:
    """Experts adapted on unpacked weights, and loaded on a base that keeps them packed."""
    experts = ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"]
    adapter = adapted(
        tiny_model("gpt_oss"),
        root / "adapter",
        target_modules=["q_proj"],
        target_parameters=experts,
        task_type="CAUSAL_LM",
    )
    base = saved(tiny_model("gpt_oss"), root / "base")
    _pack(base)
    return Given(adapter, base, model=_packed)


def _packed() -> Any:
    """Return a model whose experts are no parameters, as the packed ones of transformers."""
    model: Any = tiny_model("gpt_oss")
    for layer in model.model.layers:
        for name in ("gate_up_proj", "down_proj"):
            value = layer.mlp.experts._parameters.pop(name)
            setattr(layer.mlp.experts, name, value.data)
    return model


def _pack(base: Path) -> None:
    config = json.loads((base / "config.json").read_text("utf-8"))
    config["quantization_config"] = {
        "quant_method": "mxfp4",
        "modules_to_not_convert": ["model.layers.*.self_attn", "lm_head"],
    }
    (base / "config.json").write_text(json.dumps(config))
    (base / "model.safetensors").unlink()


def unsloth_4193(root: Path) -> Given:
    """Names of Llama's projections in a mixture of experts that has none of them."""
    attention = ["q_proj", "k_proj", "v_proj", "o_proj"]
    given = on("gpt_oss", root, target_modules=attention)
    edit(given.path, target_modules=[*attention, "gate_proj", "up_proj", "down_proj"])
    return given


def relax_261(root: Path) -> Given:
    """Patterns of a trainer for Megatron, copied into the config."""
    given = on("llama", root)
    edit(
        given.path, target_modules=[f"*decoder.layers.*.linear_{part}" for part in ("qkv", "proj")]
    )
    return given


def paddlenlp_8372(root: Path) -> Given:
    """Patterns in a list, two of them joined for want of a comma."""
    given = on("llama", root)
    edit(given.path, target_modules=[".*q_proj.*", ".*v_proj.*", ".*qkv_proj.*.*gate_proj.*"])
    return given


def diffusers_11874(root: Path) -> Given:
    """Layers named one by one that a name in `exclude_modules` takes away again."""
    targets = ["single_transformer_blocks.0.proj_out", "transformer_blocks.0.attn.to_q"]
    given = on_model(_flux, root, target_modules=targets)
    edit(given.path, exclude_modules=["proj_out"])
    return given


def _flux() -> Any:
    return built("diffusers", "FluxTransformer2DModel", **FLUX)


def unirl_228(root: Path) -> Given:
    """Names of the decoder's layers that the audio tower has too."""
    return on_model(_audio, root, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"])


def _audio() -> Any:
    text = tiny_model("qwen2").config.to_dict()
    audio = {
        "num_mel_bins": 8,
        "encoder_layers": 1,
        "encoder_attention_heads": 2,
        "encoder_ffn_dim": 24,
        "d_model": 16,
        "max_source_positions": 20,
    }
    values = {"text_config": text, "audio_config": audio, "audio_token_index": 5}
    config = built("transformers", "Qwen2AudioConfig", **values)
    return built("transformers", "Qwen2AudioForConditionalGeneration", config)


def vllm_53461(root: Path) -> Given:
    """A config without the keys that tell what it is."""
    given = on("llama", root)
    edit(given.path, "peft_type", "base_model_name_or_path")
    return given


def verl_1821(root: Path) -> Given:
    """An exporter that knows no alpha, and writes 0 for it."""
    given = on("qwen2", root)
    edit(given.path, lora_alpha=0, task_type=None)
    return given


def qwen3_embedding_70(root: Path) -> Given:
    """Made on a language model, and loaded on the bare model that gives embeddings."""
    adapter = adapted(tiny_model("qwen3"), root / "adapter", target_modules=["q_proj", "v_proj"])
    edit(adapter, "auto_mapping", task_type="FEATURE_EXTRACTION")
    base = saved(tiny_model("qwen3"), root / "base")
    return Given(adapter, base, model=lambda: tiny_model("qwen3", "FEATURE_EXTRACTION"))


def ms_swift_6481(root: Path) -> Given:
    """Only the decoder was trained, but the config names layers that the audio tower has too."""
    targets = ["q_proj", "k_proj", "v_proj"]
    given = on_model(_audio, root, target_modules=targets)

    def without_tower(old: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in old.items() if "audio_tower" not in name}

    rewrite(given.path, without_tower)
    return given
