"""Threads whose cause is in the names, sizes or values of an adapter's tensors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.threads.making import QV, Given, adapted, on, rewrite, saved
from tests.zoo import tiny_model


def automodel_3282(root: Path) -> Given:
    """Factors that were packed into four bits like the weights of the base."""
    import torch

    given = on("llama", root)

    def packed(old: dict[str, Any]) -> dict[str, Any]:
        result = {}
        for name, value in old.items():
            rows, columns = value.shape
            result[f"{name}_packed"] = torch.zeros(rows, -(-columns // 8), dtype=torch.int32)
            result[f"{name}_scale"] = torch.ones(rows, -(-columns // 32))
            result[f"{name}_shape"] = torch.tensor([rows, columns])
        return result

    rewrite(given.path, packed)
    return given


def openrlhf_682(root: Path) -> Given:
    """A reward model from ZeRO-3: every tensor is empty, and its head is adapted, not saved."""
    model = tiny_model("llama", "SEQ_CLS", num_labels=1)
    adapter = adapted(model, root / "adapter", target_modules=["q_proj", "v_proj", "score"])
    rewrite(adapter, lambda old: {name: value.flatten()[:0] for name, value in old.items()})
    base = saved(tiny_model("llama", "SEQ_CLS", num_labels=1), root / "base")
    return Given(adapter, base, model=lambda: tiny_model("llama", "SEQ_CLS", num_labels=1))


def verl_omni_269(root: Path) -> Given:
    """The shard of one of two processes, for the whole of each tensor."""
    given = on("llama", root, r=8)

    def first_half(old: dict[str, Any]) -> dict[str, Any]:
        return {name: value[: len(value) // 2] for name, value in old.items()}

    rewrite(given.path, first_half)
    return given


def axolotl_2277(root: Path) -> Given:
    """Embeddings cut down to the tokenizer, where the base's are padded."""
    model: Any = tiny_model("qwen2")
    model.resize_token_embeddings(90)
    adapter = adapted(model, root / "adapter", **QV, modules_to_save=["embed_tokens", "lm_head"])
    base = saved(tiny_model("qwen2"), root / "base")
    return Given(adapter, base, model=lambda: tiny_model("qwen2"))


def llamafactory_4664(root: Path) -> Given:
    """Made on a quantised base whose layers were padded, loaded on the one it was made of."""
    padded = tiny_model("qwen2", intermediate_size=64)
    adapter = adapted(
        padded,
        root / "adapter",
        target_modules=["gate_proj", "down_proj"],
        task_type="CAUSAL_LM",
    )
    base = saved(tiny_model("qwen2"), root / "base")
    return Given(adapter, base, model=lambda: tiny_model("qwen2"))


def lorax_81(root: Path) -> Given:
    """A training that diverged."""
    given = on("llama", root)
    rewrite(given.path, lambda old: {name: value * float("nan") for name, value in old.items()})
    return given._replace(data=True)


def unsloth_3690(root: Path) -> Given:
    """One layer with infinite values."""
    targets = ["q_proj", "down_proj"]
    given = on("qwen2", root, target_modules=targets)

    def spoilt(old: dict[str, Any]) -> dict[str, Any]:
        old["base_model.model.model.layers.1.mlp.down_proj.lora_B.weight"][0, 0] = float("inf")
        return old

    rewrite(given.path, spoilt)
    return given._replace(data=True)


def llamafactory_7665(root: Path) -> Given:
    """Embeddings and head of a ZeRO-3 run, which alone are empty."""
    saves = ["embed_tokens", "lm_head"]
    given = on("qwen2", root, modules_to_save=saves)

    def without_saved(old: dict[str, Any]) -> dict[str, Any]:
        return {n: v if "lora_" in n else v.flatten()[:0] for n, v in old.items()}

    rewrite(given.path, without_saved)
    return given


def vllm_35730(root: Path) -> Given:
    """The names that Mistral gives the layers in its own checkpoints."""
    given = on("mistral", root, target_modules=["q_proj", "v_proj", "gate_proj", "down_proj"])
    names = {"self_attn.q_proj": "attention.wq", "self_attn.v_proj": "attention.wv"}
    names |= {"mlp.gate_proj": "feed_forward.w1", "mlp.down_proj": "feed_forward.w2"}

    def renamed(old: dict[str, Any]) -> dict[str, Any]:
        result = {}
        for name, value in old.items():
            short = name.removeprefix("base_model.model.model.")
            for theirs, ours in names.items():
                short = short.replace(theirs, ours)
            result[short] = value
        return result

    rewrite(given.path, renamed)
    return given
