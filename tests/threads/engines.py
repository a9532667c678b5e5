"""Threads whose cause is what an engine makes of an adapter that PEFT loads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.made.multimodal import CONFIGS
from tests.runtimes.rows import with_single_experts
from tests.threads.making import Given, adapted, built, edit, on, on_model, rewrite, saved


def vllm_55545(root: Path) -> Given:
    """The scale of rank-stabilised LoRA on experts that have factors one by one."""
    given = on("mixtral", root, r=8, use_rslora=True)
    rewrite(given.path, with_single_experts)
    edit(given.path, target_modules=["q_proj", "v_proj", "w1", "w2", "w3"])
    return given._replace(engine="vllm==0.28")


def vllm_23796(root: Path) -> Given:
    """Layers of the vision tower, which the engine leaves out."""
    adapter = adapted(_vision(), root / "adapter", target_modules=["q_proj", "qkv", "proj"])
    edit(adapter, "auto_mapping", task_type="CAUSAL_LM")
    base = saved(_vision(), root / "base")
    return Given(adapter, base, "vllm==0.12", model=_vision)


def _vision() -> Any:
    name = "Qwen2_5_VLForConditionalGeneration"
    values = {key: value for key, value in CONFIGS[name].items() if key != "model_type"}
    return built("transformers", name, built("transformers", "Qwen2_5_VLConfig", **values))


def vllm_47088(root: Path) -> Given:
    """Experts of Nemotron-H, adapted as parameters."""
    return on_model(
        _nemotron,
        root,
        target_modules=["q_proj"],
        target_parameters=["mixer.experts.up_proj", "mixer.experts.down_proj"],
        task_type="CAUSAL_LM",
    )._replace(engine="vllm")


def _nemotron() -> Any:
    config = built(
        "transformers",
        "NemotronHConfig",
        vocab_size=96,
        hidden_size=32,
        intermediate_size=40,
        num_hidden_layers=3,
        layers_block_type=["mamba", "moe", "attention"],
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        mamba_num_heads=4,
        mamba_head_dim=8,
        ssm_state_size=8,
        n_groups=1,
        n_routed_experts=4,
        num_experts_per_tok=2,
        moe_intermediate_size=24,
        moe_shared_expert_intermediate_size=24,
    )
    return built("transformers", "NemotronHForCausalLM", config)


def sglang_28199(root: Path) -> Given:
    """Layers that share keys and values with earlier ones, and so have no `v_proj` of their own."""
    given = on_model(
        _gemma, root, target_modules=["q_proj", "k_proj", "v_proj", "o_proj"], task_type="CAUSAL_LM"
    )

    def without_shared(old: dict[str, Any]) -> dict[str, Any]:
        shared = ("layers.1.self_attn.v_proj", "layers.1.self_attn.k_proj")
        return {name: v for name, v in old.items() if not any(s in name for s in shared)}

    rewrite(given.path, without_shared)
    return given._replace(engine="sglang")


def _gemma() -> Any:
    config = built(
        "transformers",
        "Gemma4TextConfig",
        vocab_size=96,
        hidden_size=32,
        intermediate_size=56,
        num_hidden_layers=2,
        num_kv_shared_layers=1,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        global_head_dim=8,
        layer_types=["full_attention", "full_attention"],
        vocab_size_per_layer_input=96,
        hidden_size_per_layer_input=8,
    )
    return built("transformers", "Gemma4ForCausalLM", config)


def sglang_14105(root: Path) -> Given:
    """Tokens of the tokenizer in a file beside the adapter, none of them new."""
    given = on("qwen2", root)
    added = {"<|endoftext|>": 93, "<|im_start|>": 94, "<|im_end|>": 95}
    (given.path / "added_tokens.json").write_text(json.dumps(added))
    return given._replace(engine="sglang==0.5.7")


def llama_cpp_5602(root: Path) -> Given:
    """The weight of the head beside its factors, which PEFT writes and the converter refuses."""
    targets = ["q_proj", "lm_head"]
    return on("llama", root, target_modules=targets)


def mergekit_459(root: Path) -> Given:
    """An extracted adapter with factors of the head, which the engine does not take here."""
    targets = ["q_proj", "lm_head", "embed_tokens"]
    return on("qwen2", root, target_modules=targets)._replace(engine="vllm==0.12")


def ollama_17377(root: Path) -> Given:
    """A whole number for alpha, written with a point."""
    given = on("llama", root)
    edit(given.path, lora_alpha=8.0)
    return given._replace(engine="ollama==0.34.0")


def sglang_28784(root: Path) -> Given:
    """Layers of the vision tower, which this engine takes for those of the language model."""
    adapter = adapted(_vision(), root / "adapter", target_modules=["q_proj", "v_proj", "qkv"])
    edit(adapter, "auto_mapping", task_type="CAUSAL_LM")
    base = saved(_vision(), root / "base")
    return Given(adapter, base, "sglang", model=_vision)
