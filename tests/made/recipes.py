"""What adapters are made: model types, and options of the config for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True)
class Targets:
    """Module names of a model type: two linear layers, the embedding, the output and a norm."""

    attention: tuple[str, ...]
    mlp: tuple[str, ...]
    embedding: str
    norm: str
    output: str = "lm_head"
    convolution: str | None = None
    experts: bool = False
    layers: str = "layers"


_LLAMA: Final = Targets(("q_proj", "v_proj"), ("down_proj",), "embed_tokens", "norm")
_GPT: Final = Targets(
    ("query_key_value",), ("dense_h_to_4h",), "word_embeddings", "ln_f", layers="h"
)

TARGETS: Final[dict[str, Targets]] = {
    "llama": _LLAMA,
    "mistral": _LLAMA,
    "qwen2": _LLAMA,
    "qwen3": _LLAMA,
    "qwen3_moe": Targets(("q_proj", "o_proj"), ("k_proj",), "embed_tokens", "norm", experts=True),
    "gemma2": _LLAMA,
    "phi3": Targets(("qkv_proj", "o_proj"), ("gate_up_proj",), "embed_tokens", "norm"),
    "gpt2": Targets(("c_attn",), ("c_fc",), "wte", "ln_f", layers="h"),
    "gpt_neox": Targets(("query_key_value",), ("dense_h_to_4h",), "embed_in", "final_layer_norm"),
    "opt": Targets(("q_proj", "v_proj"), ("fc1",), "embed_tokens", "final_layer_norm"),
    "falcon": _GPT,
    "bloom": _GPT,
    "bert": Targets(
        ("query", "value"),
        ("intermediate.dense",),
        "word_embeddings",
        "embeddings.LayerNorm",
        "cls.predictions.decoder",
        layers="layer",
    ),
    "t5": Targets(("q", "v"), ("wi_0", "wo"), "shared", "final_layer_norm", layers="block"),
    "whisper": Targets(
        ("q_proj", "v_proj"),
        ("fc1",),
        "decoder.embed_tokens",
        "decoder.layer_norm",
        "proj_out",
        convolution="conv1",
    ),
    "vit": Targets(
        ("q_proj", "v_proj"),
        ("fc2",),
        "",
        "layernorm",
        "classifier",
        convolution="projection",
        layers="layer",
    ),
    "deepseek_v3": Targets(
        ("q_a_proj", "kv_b_proj"), ("o_proj",), "embed_tokens", "norm", experts=True
    ),
}


@dataclass(frozen=True)
class Recipe:
    """How to make an adapter: `config` for PEFT's LoraConfig, `head` and `changes` for the base."""

    config: dict[str, Any] = field(default_factory=dict)
    head: str | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    dtype: str = "float32"


Option = Callable[[Targets], Recipe | None]


def _plain(**config: Any) -> Option:
    return lambda t: Recipe({"target_modules": list(t.attention), **config})


def _both(**config: Any) -> Option:
    return lambda t: Recipe({"target_modules": [*t.attention, *t.mlp], **config})


def _embedding(**config: Any) -> Option:
    return lambda t: (
        Recipe({"target_modules": [*t.attention, t.embedding], **config}) if t.embedding else None
    )


def _task(head: str, **config: Any) -> Option:
    return lambda t: Recipe(
        {"target_modules": list(t.attention), "task_type": head, **config}, head=head
    )


def _nested(name: str, **values: Any) -> Option:
    def recipe(targets: Targets) -> Recipe:
        from peft.tuners.lora import config as peft_configs

        key = "use_bdlora" if name == "BdLoraConfig" else name.lower().replace("config", "_config")
        made = getattr(peft_configs, name)(**values)
        return Recipe({"target_modules": list(targets.attention), key: made})

    return recipe


def _block_diagonal(targets: Targets) -> Recipe:
    from peft.tuners.lora.config import BdLoraConfig

    names = list(targets.attention)
    blocks = BdLoraConfig(
        target_modules_bd_a=names[:1], target_modules_bd_b=names[1:], nblocks=2, match_strict=False
    )
    return Recipe({"target_modules": names, "use_bdlora": blocks})


OPTIONS: Final[dict[str, Option]] = {
    "plain": _plain(),
    "two-kinds": _both(),
    "rank-1": _plain(r=1),
    "large-rank": _plain(r=64),
    "float-alpha": _plain(lora_alpha=11.5),
    "rslora": _plain(use_rslora=True),
    "dropout": _plain(lora_dropout=0.1),
    "not-initialised": _plain(init_lora_weights=False),
    "gaussian": _plain(init_lora_weights="gaussian"),
    "gaussian-capitals": _plain(init_lora_weights="GAUSSIAN"),
    "pissa": _plain(init_lora_weights="pissa"),
    "pissa-large-rank": _plain(init_lora_weights="pissa", r=48),
    "pissa-niter": _plain(init_lora_weights="pissa_niter_4"),
    "olora": _both(init_lora_weights="olora"),
    "olora-large-rank": _both(init_lora_weights="olora", r=48),
    "orthogonal": _plain(init_lora_weights="orthogonal"),
    "mica": _plain(init_lora_weights="mica"),
    "lora-ga": _plain(init_lora_weights="lora_ga"),
    "dora": _both(use_dora=True),
    "factor-bias": _both(lora_bias=True),
    "bias-all": _plain(bias="all"),
    "bias-of-targets": _both(bias="lora_only"),
    "all-linear": lambda t: Recipe({"target_modules": "all-linear"}),
    "all-linear-but-some": lambda t: Recipe(
        {"target_modules": "ALL-LINEAR", "exclude_modules": [t.attention[0]]}
    ),
    "exclude-pattern": _both(exclude_modules=r".*\.0\..*"),
    "pattern": lambda t: Recipe(
        {"target_modules": rf".*\.1\..*\.?({'|'.join((*t.attention, *t.mlp))})"}
    ),
    "default-targets": lambda t: Recipe({"target_modules": None}),
    "rank-pattern": lambda t: Recipe(
        {
            "target_modules": [*t.attention, *t.mlp],
            "rank_pattern": {t.attention[0]: 2, rf".*\.1\..*{t.mlp[0]}": 6},
            "alpha_pattern": {t.attention[0]: 5},
        }
    ),
    "alpha-pattern": lambda t: Recipe(
        {
            "target_modules": [*t.attention, *t.mlp],
            "alpha_pattern": {t.attention[0]: 32, rf".*\.1\..*{t.mlp[0]}": 5},
        }
    ),
    "one-layer": _plain(layers_to_transform=[1]),
    "one-layer-by-number": _plain(layers_to_transform=0),
    "layers-pattern": lambda t: Recipe(
        {
            "target_modules": list(t.attention),
            "layers_to_transform": [1],
            "layers_pattern": t.layers,
        }
    ),
    "replicated-layers": _plain(layer_replication=[[0, 2], [1, 2]]),
    "norm-saved": lambda t: Recipe(
        {"target_modules": list(t.attention), "modules_to_save": [t.norm]}
    ),
    "output-saved": lambda t: Recipe(
        {"target_modules": list(t.attention), "modules_to_save": [t.output]}
    ),
    "norm-saved-bias-all": lambda t: Recipe(
        {"target_modules": list(t.attention), "modules_to_save": [t.norm], "bias": "all"}
    ),
    "embedding-and-output-saved": lambda t: (
        Recipe({"target_modules": list(t.attention), "modules_to_save": [t.embedding, t.output]})
        if t.embedding
        else None
    ),
    "embedding": _embedding(),
    "embedding-dora": _embedding(use_dora=True),
    "embedding-and-output": lambda t: (
        Recipe({"target_modules": [*t.attention, t.embedding, t.output]}) if t.embedding else None
    ),
    "tied-embedding": _embedding(ensure_weight_tying=True),
    # PEFT 0.21.2 saves the other names of embeddings such that it does not tie on load.
    "tied-output-rank": lambda t: (
        Recipe(
            {
                "target_modules": [*t.attention, t.embedding, t.output],
                "ensure_weight_tying": True,
                "rank_pattern": {t.embedding: 6},
            }
        )
        if t.embedding == "embed_tokens"
        else None
    ),
    "tied-embedding-saved": lambda t: (
        Recipe(
            {
                "target_modules": list(t.attention),
                "modules_to_save": [t.embedding],
                "ensure_weight_tying": True,
            }
        )
        if t.embedding
        else None
    ),
    "tokens": _plain(trainable_token_indices=[3, 5, 7]),
    "tokens-by-name": lambda t: (
        Recipe(
            {
                "target_modules": list(t.attention),
                "trainable_token_indices": {t.embedding: [3], t.output: [4, 5]},
            }
        )
        if t.embedding
        else None
    ),
    "parameters": lambda t: Recipe(
        {"target_modules": [], "target_parameters": [f"{t.mlp[-1]}.weight"]}
    ),
    "experts": lambda t: (
        Recipe(
            {
                "target_modules": list(t.attention),
                "target_parameters": ["experts.gate_up_proj", "experts.down_proj"],
                "rank_pattern": {"experts.down_proj": 2},
            }
        )
        if t.experts
        else None
    ),
    "stacked-experts": lambda t: (
        Recipe(
            {
                "target_modules": list(t.attention),
                "target_parameters": ["experts.gate_up_proj", "experts.down_proj"],
            }
        )
        if t.experts
        else None
    ),
    "one-expert-parameter": lambda t: (
        Recipe({"target_modules": [], "target_parameters": ["experts.down_proj"]})
        if t.experts
        else None
    ),
    "convolution": lambda t: Recipe({"target_modules": [t.convolution]}) if t.convolution else None,
    "convolution-dora-bias": lambda t: (
        Recipe({"target_modules": [t.convolution], "use_dora": True, "bias": "all"})
        if t.convolution
        else None
    ),
    "block-diagonal": _block_diagonal,
    "kasa": _nested("KasaConfig"),
    "velora": _nested("VeloraConfig", num_groups=5),
    "monteclora": _nested("MontecloraConfig", num_samples=3, buffer_size=2),
    "alora": _task("CAUSAL_LM", alora_invocation_tokens=[3, 4]),
    "qalora-elsewhere": _plain(use_qalora=True),
    "bfloat16": lambda t: Recipe(
        {"target_modules": list(t.attention), "modules_to_save": [t.output]}, dtype="bfloat16"
    ),
    "causal-lm": _task("CAUSAL_LM"),
    "sequence-to-sequence": _task("SEQ_2_SEQ_LM"),
    "sequence-classes": _task("SEQ_CLS"),
    "sequence-classes-all-linear": _task("SEQ_CLS", target_modules="all-linear"),
    "token-classes": _task("TOKEN_CLS", bias="all"),
    "question-answers": _task("QUESTION_ANS"),
    "features": _task("FEATURE_EXTRACTION"),
    "tied": lambda t: Recipe(
        {"target_modules": list(t.attention)}, changes={"tie_word_embeddings": True}
    ),
    "untied-embeddings-saved": lambda t: (
        Recipe(
            {"target_modules": list(t.attention), "modules_to_save": [t.embedding, t.output]},
            changes={"tie_word_embeddings": False},
        )
        if t.embedding
        else None
    ),
}
"""Options by name; an option that a model type has no use for gives None."""


_NO_HEAD: Final = {
    "CAUSAL_LM": {"t5", "vit"},
    "SEQ_2_SEQ_LM": TARGETS.keys() - {"t5"},
    "SEQ_CLS": {"whisper", "vit"},
    "TOKEN_CLS": {"opt", "whisper", "vit"},
    "QUESTION_ANS": {"gemma2", "phi3", "deepseek_v3", "whisper", "vit"},
}
"""Model types for which transformers 5 has no class with the head of a task."""


def recipe(model_type: str, option: str) -> Recipe | None:
    """Return the recipe of an option for a model type, None if there is no such adapter."""
    found = OPTIONS[option](TARGETS[model_type])
    if found and found.head and model_type in _NO_HEAD.get(found.head, ()):
        return None
    return found


CASES: Final = [
    (model_type, option)
    for model_type in TARGETS
    for option in OPTIONS
    if recipe(model_type, option) is not None
]

BROKEN_IN_PEFT: Final = {("gpt2", "olora"), ("gpt2", "olora-large-rank")}
"""PEFT 0.21.2 makes these, but the adapted model raises on its first forward pass."""
