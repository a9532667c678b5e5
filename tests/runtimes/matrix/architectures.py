"""Tiny configs of causal language models, by model type, and which modules their layers have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.zoo import CONFIGS

if TYPE_CHECKING:
    from transformers import PreTrainedConfig, PreTrainedModel

_PLAIN: Final = CONFIGS["llama"]
_HEADED: Final = _PLAIN | {"head_dim": 16}
_FEW: Final[dict[str, Any]] = {
    "vocab_size": 96,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
}
_LOCAL: Final[dict[str, Any]] = {"num_local_experts": 4, "num_experts_per_tok": 2}
_EXPERTS: Final[dict[str, Any]] = {
    "num_experts": 4,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 24,
}
_SHARED: Final = _EXPERTS | {"shared_expert_intermediate_size": 40}
_ROUTED: Final[dict[str, Any]] = {
    "n_routed_experts": 4,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 24,
    "n_shared_experts": 1,
    "first_k_dense_replace": 1,
    "n_group": 1,
    "topk_group": 1,
}
_COMPRESSED: Final = _ROUTED | {
    "num_key_value_heads": 4,
    "q_lora_rank": 12,
    "kv_lora_rank": 16,
    "qk_nope_head_dim": 8,
    "qk_rope_head_dim": 4,
    "v_head_dim": 6,
}
_DELTA: Final[dict[str, Any]] = {
    "layer_types": ["linear_attention", "full_attention"],
    "linear_num_key_heads": 2,
    "linear_num_value_heads": 4,
    "linear_key_head_dim": 8,
    "linear_value_head_dim": 8,
}
_STATES: Final[dict[str, Any]] = {
    "mamba_n_heads": 8,
    "mamba_d_head": 8,
    "mamba_n_groups": 1,
    "mamba_d_state": 8,
}
_GPT2: Final = CONFIGS["gpt2"] | {"n_inner": None}  # llama.cpp knows four times the width only

ARCHITECTURES: Final[Mapping[str, dict[str, Any]]] = {
    "llama": _PLAIN,
    "mistral": _HEADED,
    "mixtral": _PLAIN | _LOCAL,
    "qwen2": _PLAIN,
    "qwen2_moe": _PLAIN | _SHARED,
    "qwen3": _HEADED,
    "qwen3_moe": _HEADED | _EXPERTS,
    "qwen3_next": _HEADED | _SHARED | _DELTA,
    "qwen3_5_text": _HEADED | _DELTA,
    "qwen3_5_moe_text": _HEADED | _SHARED | _DELTA,
    "gemma": _HEADED,
    "gemma2": _HEADED,
    "gemma3_text": _HEADED,
    "phi": _PLAIN | {"num_key_value_heads": 4, "intermediate_size": 128},  # as published ones
    "phi3": CONFIGS["phi3"],
    "phimoe": _PLAIN | _LOCAL,
    "falcon": _FEW,
    "falcon_h1": _HEADED | {**_STATES, "mamba_d_ssm": 32, "mamba_n_heads": 4},
    "bloom": {"vocab_size": 96, "hidden_size": 32, "n_layer": 2, "n_head": 4},
    "gpt2": _GPT2,
    "gptj": {"vocab_size": 96, "n_embd": 32, "n_layer": 2, "n_head": 4, "rotary_dim": 4},
    "gpt_neox": CONFIGS["gpt_neox"],
    "gpt_bigcode": _GPT2,
    "opt": _FEW | {"ffn_dim": 56, "word_embed_proj_dim": 32},
    "mpt": {"vocab_size": 96, "d_model": 32, "n_layers": 2, "n_heads": 4},
    "stablelm": _PLAIN,
    "mamba": {"vocab_size": 96, "hidden_size": 32, "num_hidden_layers": 2},
    "mamba2": {
        "vocab_size": 96,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_heads": 8,
        "head_dim": 8,
        "n_groups": 1,
        "state_size": 8,
    },
    "jamba": _PLAIN
    | {
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "attn_layer_period": 2,
        "attn_layer_offset": 1,
        "expert_layer_period": 2,
        "expert_layer_offset": 1,
    },
    "cohere": _PLAIN,
    "cohere2": _PLAIN,
    "olmo": _PLAIN | {"num_key_value_heads": 4},
    "olmo2": _PLAIN,
    "olmo3": _PLAIN,
    "olmoe": _PLAIN | {"num_key_value_heads": 4, "num_experts": 4, "num_experts_per_tok": 2},
    "granite": _PLAIN,
    "granitemoe": _PLAIN | _LOCAL,
    "granitemoehybrid": _PLAIN
    | _LOCAL
    | _STATES
    | {"shared_intermediate_size": 40, "layer_types": ["mamba", "attention"]},
    "deepseek_v2": _PLAIN | _COMPRESSED,
    "deepseek_v3": _PLAIN | _COMPRESSED | {"topk_method": "noaux_tc"},
    "gpt_oss": _HEADED | _LOCAL | {"layer_types": ["sliding_attention", "full_attention"]},
    "glm": _HEADED,
    "glm4": _HEADED,
    "glm4_moe": _HEADED | _ROUTED,
    "starcoder2": _PLAIN,
    "nemotron": _PLAIN,
    "exaone4": _PLAIN,
    "ernie4_5": _HEADED,
    "ernie4_5_moe": _PLAIN
    | {
        "moe_num_experts": 4,
        "moe_k": 2,
        "moe_intermediate_size": 24,
        "moe_num_shared_experts": 1,
        "moe_layer_start_index": 1,
    },
    "smollm3": _PLAIN,
    "seed_oss": _HEADED,
    "arcee": _PLAIN,
    "hunyuan_v1_dense": _HEADED,
    "minimax_m2": _HEADED | _LOCAL | {"rotary_dim": 8},
    "lfm2": _PLAIN | {"layer_types": ["conv", "full_attention"], "conv_dim": 32},
}
"""The values of the configs of tiny bases."""

PUBLISHED: Final[Mapping[str, dict[str, Any]]] = {
    "gemma2": {"hidden_act": "gelu_pytorch_tanh"},
    "deepseek_v2": {"moe_layer_freq": 1, "scoring_func": "softmax"},
    "deepseek_v3": {"moe_layer_freq": 1, "scoring_func": "sigmoid"},
    "gptj": {"tie_word_embeddings": False},
    "hunyuan_v1_dense": {"use_qk_norm": True},
    "cohere2": {"rotary_pct": 1.0},
    "lfm2": {"block_dim": 32},
    "minimax_m2": {"scoring_func": "sigmoid", "use_qk_norm": True, "use_routing_bias": True},
    "qwen3_next": {"full_attention_interval": 2},
    "qwen3_5_text": {"full_attention_interval": 2, "mtp_num_hidden_layers": 1},
    "qwen3_5_moe_text": {"full_attention_interval": 2, "mtp_num_hidden_layers": 1},
}
"""Keys that published configs have, and those that transformers 5 writes lack."""

_MIXERS: Final = re.compile(r"attn|attention|mixer|mamba|conv")
_LINEAR: Final = ("Linear", "Conv1D", "FalconLinear")
_NUMBERED: Final = re.compile(r"\.\d+\.")
_WITHOUT: Final = {"falcon_h1": "out_proj", "mamba": "out_proj", "mamba2": "out_proj"}
"""Modules that PEFT refuses to adapt."""


def config_of(model_type: str, *, tied: bool = False) -> PreTrainedConfig:
    """Return the config of a tiny base, with its embeddings tied to its head if that is wanted."""
    from transformers import AutoConfig
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    ties = {"tie_word_embeddings": True} if tied else {}
    config = AutoConfig.for_model(model_type, **ARCHITECTURES[model_type], **ties)
    config.architectures = [MODEL_FOR_CAUSAL_LM_MAPPING_NAMES[model_type]]
    return config


def model_of(config: PreTrainedConfig) -> PreTrainedModel:
    """Make the model of a config, the same one each time."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(0)
    model: PreTrainedModel = AutoModelForCausalLM.from_config(config)  # type: ignore[no-untyped-call]
    return model


class Layers(NamedTuple):
    """The modules of a model, by what they are for: last names, or paths below a layer."""

    attention: tuple[str, ...]
    mlp: tuple[str, ...]
    experts: tuple[str, ...]
    router: str | None
    embedding: str
    head: str
    norm: str

    @property
    def query(self) -> str:
        """The first module of attention, or what stands in its place."""
        return _first(("q_proj", "q_a_proj"), self.attention) or self.attention[0]

    @property
    def value(self) -> str | None:
        """The module that makes values."""
        return _first(("v_proj", "kv_b_proj"), self.attention)

    @property
    def recurrent(self) -> str | None:
        """The first module of a layer that is no attention, beside ones that are."""
        names = ("in_proj_qkv", "in_proj_qkvz", "in_proj")
        return _first(names, self.attention) if len(self.attention) > 2 else None

    @property
    def up(self) -> str | None:
        """One of the modules of an MLP."""
        names = ("up_proj", "gate_up_proj", "w3", "c_fc", "fc1", "fc_in", "dense_h_to_4h")
        return _first((*names, "input_linear"), self.mlp)


def _first(wanted: Iterable[str], names: Iterable[str]) -> str | None:
    found = set(names)
    return next((name for name in wanted if name in found), None)


def layers_of(model: PreTrainedModel) -> Layers:
    """Return the modules of a model by what they are for."""
    paths = {name: type(module).__name__ for name, module in model.named_modules()}
    linear = [name for name, kind in paths.items() if kind in _LINEAR and _NUMBERED.search(name)]
    mixers = [name for name in linear if _MIXERS.search(_NUMBERED.split(name, maxsplit=1)[1])]
    mixers = [name for name in mixers if _leaf(name) != _WITHOUT.get(model.config.model_type)]
    experts = sorted(_leaf(name) for name, kind in paths.items() if kind.endswith("Experts"))
    routers = [name for name, kind in paths.items() if re.search(r"Top[kK]Router", kind)]
    embedding = model.get_input_embeddings()
    return Layers(
        attention=_leaves(mixers),
        mlp=_leaves(name for name in linear if name not in mixers),
        experts=tuple(dict.fromkeys(experts)),
        router=_leaf(routers[0]) if routers else None,
        embedding=_leaf(next(n for n, m in model.named_modules() if m is embedding)),
        head="lm_head",
        norm=_leaf(next(n for n, kind in reversed(paths.items()) if "Norm" in kind)),
    )


def _leaf(path: str) -> str:
    return path.rpartition(".")[2]


def _leaves(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_leaf, paths)))
