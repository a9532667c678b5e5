"""A small Llama of any sizes, as the base of examples and drawn adapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from loracfg.adapter.header.tensor import Shape
from loracfg.base.architecture import Architecture, Kind, Module

BASE: Final[dict[str, Any]] = {
    "hidden": 16,
    "inner": 20,
    "heads": 4,
    "kv_heads": 2,
    "head_dim": 6,
    "vocab": 32,
    "layers": 2,
    "tied": False,
    "biases": False,
    "experts": 0,
    "dense": 0,
    "renames": [],
    "hides_embeddings": False,
    "raises_for_embeddings": False,
    "labels": 0,
    "vision": 0,
    "class": "LlamaForCausalLM",
    "type": None,
}
"""The default sizes in examples."""
SHOWN_BY_CONFIG: Final = frozenset(
    [
        "hidden",
        "inner",
        "heads",
        "kv_heads",
        "head_dim",
        "vocab",
        "layers",
        "experts",
        "dense",
        "tied",
        "biases",
        "class",
        "dtype",
    ]
)
"""What the config of a base shows of what an example may say of it."""


def base_config(sizes: Mapping[str, object]) -> dict[str, object]:
    """Return the config of a Llama of these sizes (see `BASE`)."""
    experts, dense, biases = sizes["experts"], sizes["dense"], sizes["biases"]
    assert isinstance(dense, int)
    return {
        "architectures": [sizes["class"]],
        "model_type": sizes["type"] or ("qwen3_moe" if experts else "llama"),
        "hidden_size": sizes["hidden"],
        "intermediate_size": sizes["inner"],
        "num_attention_heads": sizes["heads"],
        "num_key_value_heads": sizes["kv_heads"],
        "head_dim": sizes["head_dim"],
        "vocab_size": sizes["vocab"],
        "num_hidden_layers": sizes["layers"],
        "tie_word_embeddings": sizes["tied"],
        **({"num_experts": experts, "moe_intermediate_size": sizes["inner"]} if experts else {}),
        **({"mlp_only_layers": list(range(dense))} if dense else {}),
        **({"attention_bias": True, "mlp_bias": True} if biases else {}),
        **({"dtype": sizes["dtype"]} if "dtype" in sizes else {}),
    }


def llama(given: Mapping[str, object]) -> Architecture:
    """Return the tree of a Llama with these sizes (see `BASE`)."""
    sizes: dict[str, Any] = dict(given)
    modules = {module.path: module for module in _llama_modules(sizes)}
    return Architecture(
        "transformers",
        sizes["type"] or ("qwen3_moe" if sizes["experts"] else "llama"),
        sizes["class"],
        modules,
        input_embeddings="model.embed_tokens",
        output_embeddings="lm_head",
        tied=("lm_head",) if sizes["tied"] else (),
        tie_word_embeddings=sizes["tied"],
        vocab_size=sizes["vocab"],
        renames=tuple((old, new) for old, new in sizes["renames"]),
        hides_embeddings=sizes["hides_embeddings"],
        raises_for_embeddings=sizes["raises_for_embeddings"],
    )


def _llama_modules(sizes: dict[str, Any]) -> Iterator[Module]:
    hidden, inner, vocab = sizes["hidden"], sizes["inner"], sizes["vocab"]
    attention, keys = (sizes[n] * sizes["head_dim"] for n in ("heads", "kv_heads"))
    yield Module("", Kind.OTHER, sizes["class"])
    yield Module("model", Kind.OTHER, "LlamaModel")
    yield Module("model.embed_tokens", Kind.EMBEDDING, "Embedding", {"weight": (vocab, hidden)})
    yield Module("model.layers", Kind.OTHER, "ModuleList")
    linear = {
        "self_attn.q_proj": (attention, hidden),
        "self_attn.k_proj": (keys, hidden),
        "self_attn.v_proj": (keys, hidden),
        "self_attn.o_proj": (hidden, attention),
        "mlp.gate_proj": (inner, hidden),
        "mlp.up_proj": (inner, hidden),
        "mlp.down_proj": (hidden, inner),
    }
    for i in range(sizes["layers"]):
        layer = f"model.layers.{i}"
        yield Module(layer, Kind.OTHER, "LlamaDecoderLayer")
        for block, name in (("self_attn", "LlamaAttention"), ("mlp", "LlamaMLP")):
            yield Module(f"{layer}.{block}", Kind.OTHER, name)
            if block == "mlp" and sizes["experts"] and i >= sizes["dense"]:
                yield from _experts(f"{layer}.mlp", sizes)
                continue
            for path, (out, into) in linear.items():
                if path.startswith(block):
                    parameters: dict[str, Shape] = {"weight": (out, into)}
                    if sizes["biases"]:
                        parameters["bias"] = (out,)
                    yield Module(f"{layer}.{path}", Kind.LINEAR, "Linear", parameters)
        for norm in ("input_layernorm", "post_attention_layernorm"):
            yield Module(f"{layer}.{norm}", Kind.OTHER, "LlamaRMSNorm", {"weight": (hidden,)})
    yield Module("model.norm", Kind.OTHER, "LlamaRMSNorm", {"weight": (hidden,)})
    yield Module("lm_head", Kind.LINEAR, "Linear", {"weight": (vocab, hidden)})
    yield from _vision(sizes["vision"], hidden)
    if sizes["labels"]:
        yield Module("score", Kind.LINEAR, "Linear", {"weight": (sizes["labels"], hidden)})


def _vision(layers: int, hidden: int) -> Iterator[Module]:
    if layers:
        yield Module("vision_tower", Kind.OTHER, "CLIPVisionModel")
        yield Module("projector", Kind.LINEAR, "Linear", {"weight": (hidden, hidden)})
    for i in range(layers):
        path = f"vision_tower.layers.{i}.self_attn.q_proj"
        yield Module(path, Kind.LINEAR, "Linear", {"weight": (hidden, hidden)})


def _experts(block: str, sizes: dict[str, Any]) -> Iterator[Module]:
    count, hidden, inner = sizes["experts"], sizes["hidden"], sizes["inner"]
    stack: dict[str, Shape] = {
        "gate_up_proj": (count, 2 * inner, hidden),
        "down_proj": (count, hidden, inner),
    }
    yield Module(f"{block}.experts", Kind.OTHER, "Qwen3MoeExperts", stack)
    yield Module(f"{block}.gate", Kind.OTHER, "Qwen3MoeTopKRouter", {"weight": (count, hidden)})
