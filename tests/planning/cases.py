"""Configs to compare with the real PEFT, by model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

_LLAMA: Final[list[dict[str, Any]]] = [
    {},
    {
        "target_modules": ["q_proj", "down_proj"],
        "alora_invocation_tokens": [1, 2],
        "task_type": "CAUSAL_LM",
        "lora_dropout": 0.1,
    },
    {"target_modules": ["q_proj"], "velora_config": {"num_groups": 5, "scale": 2.5}},
    {"target_modules": "all-linear"},
    {"target_modules": ["q_proj", "v_proj"], "bias": "all"},
    {"target_modules": ["embed_tokens", "lm_head"]},
    {"target_modules": ["q_proj"], "modules_to_save": ["embed_tokens", "lm_head", "norm"]},
    {"target_modules": ["q_proj", "gate_proj"], "use_dora": True},
    {
        "target_modules": ["q_proj"],
        "rank_pattern": {"layers.0.self_attn.q_proj": 3, "q_proj": 5},
        "alpha_pattern": {"^model.layers.1.*": 4},
    },
    {"target_modules": ["q_proj"], "layers_to_transform": [1]},
    {"target_modules": ["q_proj"], "layers_to_transform": 2, "layers_pattern": "layers"},
    {
        "target_modules": ["q_proj"],
        "layers_to_transform": [0, 2],
        "layers_pattern": ["nothing", "(h|layers)"],
    },
    {
        "target_modules": ["q_proj", "model.layers.2.mlp.up_proj"],
        "layers_to_transform": [0],
        "layers_pattern": "layer",
    },
    {"target_modules": r".*\.1\..*q_proj"},
    {"target_modules": "all-linear", "exclude_modules": ["q_proj", "0.mlp.up_proj"]},
    {"target_modules": "all-linear", "exclude_modules": r".*self_attn\.[qk].*"},
    {"target_modules": ["q_proj"], "layer_replication": [[0, 2], [1, 3]]},
    {
        "target_modules": ["q_proj"],
        "layer_replication": [[0, 3], [2, 3], [0, 1]],
        "layers_to_transform": [4],
        "modules_to_save": ["input_layernorm"],
    },
    {"target_modules": ["q_proj"], "trainable_token_indices": [1, 2, 5]},
    {
        "target_modules": ["q_proj"],
        "trainable_token_indices": {"embed_tokens": [1, 2], "lm_head": [3]},
    },
    {"target_modules": ["q_proj", "down_proj"], "lora_bias": True},
    {"target_modules": ["q_proj"], "init_lora_weights": "pissa", "r": 64},
    {"target_modules": ["q_proj", "k_proj"], "init_lora_weights": "olora", "r": 17},
    {"target_modules": ["embed_tokens"], "init_lora_weights": "olora", "r": 40},
    {
        "target_modules": ["down_proj"],
        "init_lora_weights": "olora",
        "monteclora_config": {"num_samples": 1},
        "r": 40,
    },
    {"target_modules": ["embed_tokens"], "init_lora_weights": "orthogonal", "r": 5},
    {"target_modules": ["q_proj"], "init_lora_weights": "mica"},
    {"target_modules": ["q_proj"], "init_lora_weights": "lora_ga"},
    {"target_modules": ["q_proj"], "kasa_config": {}},
    {"target_modules": ["q_proj", "down_proj"], "velora_config": {"num_groups": 3}},
    {"target_modules": ["q_proj"], "monteclora_config": {"num_samples": 3}},
    {
        "target_modules": ["q_proj", "o_proj"],
        "use_bdlora": {
            "target_modules_bd_a": ["o_proj"],
            "target_modules_bd_b": ["q_proj"],
            "nblocks": 2,
        },
    },
    {
        "target_modules": ["q_proj", "k_proj", "v_proj"],
        "use_bdlora": {
            "target_modules_bd_a": ["q_proj"],
            "target_modules_bd_b": ["v_proj"],
            "nblocks": 1,
            "match_strict": False,
        },
        "lora_bias": True,
    },
    {
        "target_modules": ["q_proj", "k_proj", "v_proj"],
        "use_bdlora": {
            "target_modules_bd_a": ["q_proj"],
            "target_modules_bd_b": ["v_proj"],
            "nblocks": 2,
            "match_strict": False,
        },
        "init_lora_weights": "pissa",
        "r": 16,
    },
    {"target_modules": [], "target_parameters": ["q_proj.weight", "mlp.gate_proj.weight"]},
    {
        "target_modules": ["v_proj"],
        "target_parameters": ["q_proj.weight"],
        "fan_in_fan_out": True,
    },
    {"target_modules": ["q_proj"], "modules_to_save": ["mlp"], "bias": "all"},
    {"target_modules": ["gate_proj", "q_proj"], "modules_to_save": ["mlp"]},
    {"target_modules": ["q_proj"], "bias": "lora_only", "use_rslora": True},
    {"target_modules": r".*embed_tokens|.*q_proj"},
    {"target_modules": ["model.embed_tokens"]},
    {"target_modules": ["q_proj"], "modules_to_save": ["norm", "v_proj"], "bias": "all"},
    {"target_modules": ["q_proj"], "modules_to_save": ["layers.0", "up_proj"]},
    {"target_modules": ["q_proj"], "use_qalora": True},
]

_LLAMA_REFUSED: Final[list[dict[str, Any]]] = [
    {"target_modules": ["mlp"]},
    {"target_modules": ["absent"]},
    {"target_modules": ["embed_tokens"], "trainable_token_indices": [1]},
    {"target_modules": ["q_proj"], "trainable_token_indices": [96]},
    {
        "target_modules": ["q_proj"],
        "trainable_token_indices": [1],
        "modules_to_save": ["model.embed_tokens"],
    },
    {"target_modules": ["q_proj"], "trainable_token_indices": {"absent": [1]}},
    {"target_modules": ["q_proj"], "trainable_token_indices": {"norm": [1]}},
    {"target_modules": ["q_proj"], "init_lora_weights": "orthogonal", "r": 3},
    {"target_modules": ["q_proj"], "kasa_config": {}, "r": 32},
    {"target_modules": ["k_proj"], "init_lora_weights": "mica", "r": 17},
    {"target_modules": ["q_proj"], "modules_to_save": ["layers"]},
    {"target_modules": ["q_proj"], "modules_to_save": ["proj"]},
    {"target_modules": ["q_proj"], "layer_replication": [[0, 4]]},
    {"target_modules": ["q_proj"], "use_dora": True, "kasa_config": {}},
    {"target_modules": ["q_proj"], "modules_to_save": ["q_proj"]},
]

_LLAMA_TIED: Final[list[dict[str, Any]]] = [
    {},
    {"target_modules": ["embed_tokens"], "ensure_weight_tying": True},
    {
        "target_modules": ["q_proj"],
        "modules_to_save": ["embed_tokens"],
        "ensure_weight_tying": True,
    },
    {"target_modules": ["q_proj"], "modules_to_save": ["lm_head"], "ensure_weight_tying": True},
    {"target_modules": ["lm_head"], "ensure_weight_tying": True},
    {
        "target_modules": r".*q_proj|.*embed_tokens|embed_tokens",
        "ensure_weight_tying": True,
    },
    {"target_modules": ["q_proj"], "trainable_token_indices": [1, 2]},
    {
        "target_modules": ["q_proj"],
        "trainable_token_indices": {"embed_tokens": [1, 2], "lm_head": [1, 2]},
    },
    {
        "target_modules": ["q_proj"],
        "trainable_token_indices": {"embed_tokens": [1, 2], "lm_head": [1]},
    },
    {"target_modules": ["q_proj"], "trainable_token_indices": {"lm_head": [1]}},
    {"target_modules": ["embed_tokens", "lm_head"]},
    {"target_modules": ["q_proj"], "modules_to_save": ["embed_tokens", "lm_head"]},
    {
        "target_modules": ["q_proj"],
        "modules_to_save": ["embed_tokens"],
        "trainable_token_indices": [6],
    },
    {
        "target_modules": ["q_proj"],
        "modules_to_save": ["lm_head"],
        "trainable_token_indices": [6, 7],
    },
    {"target_modules": ["lm_head"], "trainable_token_indices": [1]},
    {
        "target_modules": ["lm_head", "q_proj"],
        "ensure_weight_tying": True,
        "rank_pattern": {"embed_tokens": 6, "lm_head": 2},
    },
    *(
        {
            "target_modules": ["q_proj"],
            "modules_to_save": ["model.embed_tokens"],
            "trainable_token_indices": indices,
            "ensure_weight_tying": True,
        }
        for indices in (
            {"lm_head": [1, 2]},
            {"embed_tokens": [1, 2]},
            {"embed_tokens": [1, 2], "lm_head": [1, 2]},
        )
    ),
]

_LLAMA_TIED_REFUSED: Final[list[dict[str, Any]]] = [
    {
        "target_modules": ["q_proj"],
        "trainable_token_indices": {"embed_tokens": [1, 2], "lm_head": [1]},
        "ensure_weight_tying": True,
    },
    {
        "target_modules": ["lm_head", "q_proj"],
        "exclude_modules": ["embed_tokens"],
        "ensure_weight_tying": True,
    },
    {
        "target_modules": ["q_proj"],
        "trainable_token_indices": {"model.embed_tokens": [1]},
        "modules_to_save": ["lm_head"],
        "ensure_weight_tying": True,
    },
    {
        "target_modules": ["q_proj"],
        "trainable_token_indices": [1, 2],
        "modules_to_save": ["embed_tokens"],
        "ensure_weight_tying": True,
    },
]

_EXPERTS: Final = {
    "target_modules": [],
    "target_parameters": ["experts.gate_up_proj", "experts.down_proj"],
}

_MODULES: Final[list[dict[str, Any]]] = [
    {"target_modules": ["line", "plane", "space"]},
    {"target_modules": ["line", "plane", "space", "spaces", "lines"], "use_dora": True},
    {"target_modules": ["line", "plane", "planes"], "lora_bias": True, "bias": "all"},
    {"target_modules": ["lines", "planes", "spaces"]},
    {"target_modules": ["plane"], "init_lora_weights": "gaussian", "bias": "lora_only"},
    {"target_modules": ["emb"], "use_dora": True},
    {"target_modules": ["emb"], "init_lora_weights": "pissa", "r": 9},
    {"target_modules": ["mha", "lin"], "bias": "all"},
    {"target_modules": ["mha"], "lora_bias": True, "bias": "lora_only"},
    {"target_modules": ["out_proj"]},
    {"target_modules": ["mha", "out_proj"]},
    {"target_modules": ["mha", "out_proj"], "bias": "all"},
    {"target_modules": ["mha", "out_proj"], "bias": "lora_only", "lora_bias": True},
    {"target_modules": "all-linear"},
    {"target_modules": ["shared"], "bias": "all"},
    {"target_modules": ["first.shared", "second.shared"]},
    {"target_modules": ["lin"], "modules_to_save": ["shared"]},
    {"target_modules": ["lin2"], "modules_to_save": ["shared"], "bias": "all"},
    {"target_modules": ["lin", "block.0"], "bias": "lora_only"},
    {"target_modules": ["emb"], "modules_to_save": ["lin2"]},
    {"target_modules": ["emb"], "modules_to_save": ["n2"], "bias": "all"},
    {"target_modules": ["lin"], "modules_to_save": ["norm", "line"], "bias": "all"},
    {"target_modules": ["0"], "rank_pattern": {"list.0": 2}, "alpha_pattern": {"0": 3}},
    _EXPERTS,
    {"target_modules": [], "target_parameters": ["experts.down_proj"], "r": 3},
    {
        "target_modules": [],
        "target_parameters": ["reversed.gate_up_proj", "reversed.down_proj"],
    },
    {
        "target_modules": [],
        "target_parameters": ["transposed.gate_up_proj", "transposed.down_proj"],
    },
    {"target_modules": [], "target_parameters": ["gate_up_proj", "down_proj"], "bias": "all"},
    {"target_modules": [], "target_parameters": ["three.w_a", "three.w_b", "three.w_c"]},
    {"target_modules": [], "target_parameters": ["w_a", "w_c"], "rank_pattern": {"w_c": 2}},
    {
        "target_modules": ["lin"],
        "target_parameters": ["experts.down_proj"],
        "rank_pattern": {"experts.down_proj": 5},
        "bias": "all",
    },
    {"target_modules": [], "target_parameters": ["flat.w", "lin.weight"]},
    {"target_modules": ["out_proj"], "target_parameters": ["mha.in_proj_weight"], "bias": "all"},
    {"target_modules": [], "target_parameters": ["lin.weight"], "bias": "lora_only"},
    *(
        {
            "target_modules": [],
            "target_parameters": ["lin.weight"],
            "init_lora_weights": init,
            "r": 40,
        }
        for init in ("pissa", "olora", "orthogonal", "gaussian")
    ),
]

_NORMED: Final[list[dict[str, Any]]] = [
    {"target_modules": ["line", "plane", "lin", "emb", "turned", "bounded"]},
    {"target_modules": ["older"]},
    {"target_modules": ["line", "plane", "lin", "emb"], "use_dora": True},
    {"target_modules": ["line", "lin", "older", "bounded"], "bias": "all"},
    {"target_modules": ["line", "lin", "older", "turned"], "bias": "lora_only"},
    {"target_modules": ["line", "lin"], "lora_bias": True},
    {"target_modules": ["lin", "turned"], "init_lora_weights": "pissa", "r": 64},
    {"target_modules": "all-linear"},
    {"target_modules": ["plain"], "modules_to_save": ["line", "back", "bounded"]},
]

_NORMED_REFUSED: Final[list[dict[str, Any]]] = [
    {"target_modules": ["back"]},
    {"target_modules": ["line"], "init_lora_weights": "pissa"},
    {"target_modules": ["emb"], "lora_bias": True},
    {"target_modules": ["line"], "r": 5},
]

_MODULES_REFUSED: Final[list[dict[str, Any]]] = [
    {"target_modules": ["planes"], "r": 3},
    {"target_modules": ["mha"], "use_dora": True},
    {"target_modules": ["cross"]},
    *(
        {"target_modules": ["mha"], "init_lora_weights": init}
        for init in ("pissa", "olora", "orthogonal", "lora_ga")
    ),
    *(
        {"target_modules": [name], "init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 4}}
        for name in ("emb", "plane")
    ),
    {"target_modules": ["mha", "lin"], "modules_to_save": ["out_proj"]},
    {"target_modules": ["second.shared"]},
    {"target_modules": ["block.0"]},
    {"target_modules": ["emb"], "lora_bias": True},
    {
        "target_modules": ["lin"],
        "target_parameters": ["experts.down_proj"],
        "lora_dropout": 0.1,
    },
    {"target_modules": ["line"], "init_lora_weights": "pissa"},
    {"target_modules": ["line"], "init_lora_weights": "mica"},
    {"target_modules": ["norm"]},
    {"target_modules": [], "target_parameters": ["flat.v"]},
    {"target_modules": [], "target_parameters": ["flat.four"]},
    {"target_modules": ["lin"], "target_parameters": ["lin.weight"]},
    {
        "target_modules": [],
        "target_parameters": ["lin.weight"],
        "init_lora_weights": "orthogonal",
        "r": 3,
    },
    {"target_modules": ["lin"], "modules_to_save": ["list"]},
    {
        "target_modules": [],
        "target_parameters": ["mha.in_proj_weight"],
        "modules_to_save": ["out_proj"],
    },
    {"target_modules": ["lin"], "layer_replication": [[0, 1]]},
    {"target_modules": ["lin"], "trainable_token_indices": {"norm": [1]}},
    {"target_modules": None},
    {**_EXPERTS, "init_lora_weights": "pissa"},
    {**_EXPERTS, "init_lora_weights": "orthogonal"},
    {**_EXPERTS, "init_lora_weights": "lora_ga"},
    {**_EXPERTS, "use_dora": True},
]

ACCEPTED: Final[dict[str, list[dict[str, Any]]]] = {
    "llama-3-layers": _LLAMA,
    "llama-tied": _LLAMA_TIED,
    "llama-labels": [
        {"task_type": "SEQ_CLS"},
        {"task_type": "SEQ_CLS", "target_modules": "all-linear"},
        {"target_modules": "all-linear"},
        {"task_type": "SEQ_CLS", "bias": "all"},
    ],
    "bert-tokens": [
        {"task_type": "TOKEN_CLS"},
        {"task_type": "TOKEN_CLS", "bias": "all"},
        {
            "task_type": "TOKEN_CLS",
            "target_modules": ["query", "dense"],
            "bias": "lora_only",
        },
        {"task_type": "TOKEN_CLS", "target_modules": ["word_embeddings"]},
        {"target_modules": ["query"], "layer_replication": [[0, 2], [0, 1]]},
    ],
    "bert": [
        {"target_modules": ["key"], "modules_to_save": ["cls"], "bias": "all"},
    ],
    "roberta-labels": [
        {"task_type": "SEQ_CLS", "bias": "all"},
        {"task_type": "SEQ_CLS", "target_modules": "all-linear"},
    ],
    "gpt2": [
        {},
        {"target_modules": ["c_attn", "c_proj", "c_fc"], "use_dora": True},
        {"target_modules": "all-linear", "bias": "all"},
        {"target_modules": ["wte"]},
        {"target_modules": ["wte"], "target_parameters": ["c_proj.weight", "c_fc.weight"]},
        {"target_modules": ["c_attn"], "init_lora_weights": "pissa", "r": 40},
        {"target_modules": ["c_attn"], "modules_to_save": ["wte"], "ensure_weight_tying": True},
    ],
    "t5": [
        {},
        {"target_modules": ["q", "shared"]},
        {"target_modules": ["q"], "modules_to_save": ["embed_tokens"]},
        {"target_modules": ["q"], "modules_to_save": ["shared"]},
        {"target_modules": "all-linear"},
        {"target_modules": ["q"], "trainable_token_indices": [1, 3]},
        {"target_modules": ["q", "relative_attention_bias"]},
        {
            "target_modules": ["q"],
            "modules_to_save": ["shared", "embed_tokens"],
            "ensure_weight_tying": True,
        },
        {"target_modules": ["q", "embed_tokens"], "ensure_weight_tying": True},
    ],
    "bart": [
        {"bias": "all"},
        {"target_modules": ["q_proj"], "layers_to_transform": [0]},
        {"target_modules": ["q_proj"], "modules_to_save": ["embed_tokens"]},
        {"target_modules": ["q_proj"], "trainable_token_indices": [1]},
    ],
    "vit": [
        {"target_modules": ["q_proj"], "modules_to_save": ["classifier"], "bias": "all"},
        {"target_modules": ["projection"], "use_dora": True},
        *(
            {
                "target_modules": ["q_proj"],
                "modules_to_save": saved,
                "bias": bias,
                "trainable_token_indices": {"0.attention.k_proj": [2]},
            }
            for bias in ("all", "lora_only")
            for saved in (None, ["n.k_proj"])
        ),
        {"target_modules": "all-linear"},
    ],
    "qwen3_moe": [
        {"target_modules": ["q_proj"]},
        {
            "target_modules": ["q_proj"],
            "target_parameters": ["experts.gate_up_proj", "experts.down_proj"],
        },
        {"target_modules": ["gate"]},
        {"target_modules": "all-linear"},
        {"target_modules": ["down_proj", "q_proj"]},
        {"target_modules": ["gate_proj", "up_proj", "down_proj", "q_proj"]},
        {"target_modules": r".*experts\..*(gate_proj|up_proj)|.*v_proj"},
        {"target_modules": ["gate_proj", "up_proj"], "rank_pattern": {"gate_up_proj": 5}},
    ],
    "mixtral": [
        {"target_modules": ["w1", "w2", "w3", "q_proj"]},
        {"target_modules": "all-linear"},
        {"target_modules": ["gate", "q_proj"]},
        {"target_modules": r"(?:.*\.)?(w1|w2|w3)"},
        {**_EXPERTS, "bias": "all"},
    ],
    "gpt_oss": [
        {"target_modules": ["q_proj"], "bias": "all"},
        {"target_modules": "all-linear"},
        _EXPERTS,
        {**_EXPERTS, "bias": "lora_only", "rank_pattern": {"down_proj": 2}},
        {"target_modules": ["o_proj"], "target_parameters": ["router.weight"]},
    ],
    "deepseek_v3": [
        {"target_modules": "all-linear"},
        {"target_modules": ["kv_a_proj_with_mqa", "q_b_proj"]},
        {"target_modules": ["gate_proj", "up_proj", "down_proj"]},
        {"target_modules": r".*shared_experts\..*_proj"},
        {**_EXPERTS, "target_modules": ["o_proj"]},
        {"target_modules": ["gate"]},
    ],
    "mamba": [{"target_modules": ["x_proj", "in_proj"]}],
    "modules": _MODULES,
    "normed": _NORMED,
}
"""Configs of which PEFT makes an adapter, by model."""

REFUSED: Final[dict[str, list[dict[str, Any]]]] = {
    "llama-3-layers": _LLAMA_REFUSED,
    "llama-tied": _LLAMA_TIED_REFUSED,
    "gpt2": [
        {"target_modules": ["c_attn"], "kasa_config": {}},
        {"target_modules": ["c_attn"], "layer_replication": [[0, 2], [0, 2]]},
        {"target_modules": ["c_attn"], "modules_to_save": ["dropout"]},
        {
            "target_modules": ["lm_head"],
            "modules_to_save": ["lm_head"],
            "ensure_weight_tying": True,
        },
        {"target_modules": ["c_attn"], "target_parameters": ["lm_head.weight"]},
        {
            "target_modules": ["c_attn"],
            "use_bdlora": {"target_modules_bd_a": ["c_attn"], "nblocks": 1},
        },
    ],
    "qwen3_moe": [{}, {"target_modules": ["gate_proj"]}, {"target_modules": ["up_proj"]}],
    "mixtral": [{}, {"target_modules": ["w1", "q_proj"]}],
    "llama-labels": [
        {"task_type": "SEQ_CLS", "modules_to_save": ["norm"], "target_modules": ["score"]}
    ],
    "t5": [
        {"target_modules": ["q"], "trainable_token_indices": [1], "modules_to_save": ["shared"]},
    ],
    "mamba": [
        {},
        {"target_modules": ["out_proj"]},
        {"target_modules": ["conv1d"]},
        {"target_modules": [], "target_parameters": ["mixer.out_proj.weight"]},
        {"target_modules": [], "target_parameters": ["0.mixer.A_log", "mixer.dt_proj.weight"]},
    ],
    "vit": [{"target_modules": ["query"]}, {}],
    "modules": _MODULES_REFUSED,
    "normed": _NORMED_REFUSED,
}
"""Configs on which PEFT raises, by model."""


UNLOADABLE: Final[dict[str, list[dict[str, Any]]]] = {
    "llama-3-layers": [
        {"target_modules": ["q_proj"], "modules_to_save": ["mlp", "up_proj"]},
        {"target_modules": ["q_proj", "up_proj"], "modules_to_save": ["lp"]},
        {"target_modules": ["embed_tokens"], "modules_to_save": ["layers.0", "0.mlp"]},
    ],
    "llama-labels": [
        {"task_type": "SEQ_CLS", "modules_to_save": ["mlp", "up_proj"]},
        {"task_type": "SEQ_CLS", "modules_to_save": ["layers.0", "up_proj"]},
    ],
    "bert": [
        {"target_modules": ["query"], "modules_to_save": ["layer.0", "output.dense"]},
        {"target_modules": ["dense"], "modules_to_save": ["ntermediate"], "bias": "all"},
    ],
    "roberta-labels": [
        {"task_type": "SEQ_CLS", "target_modules": ["query"], "modules_to_save": ["dense"]},
        {"target_modules": ["query"], "modules_to_save": ["dense", "classifier"]},
    ],
}
"""Configs of which PEFT makes and saves an adapter that it cannot load, by model."""


@dataclass(frozen=True)
class Case:
    """A config for a model."""

    model: str
    config: dict[str, Any]

    def __str__(self) -> str:
        values = "-".join(f"{key}={value}" for key, value in self.config.items())
        return f"{self.model}-{values or 'defaults'}"


def cases_of(configs: dict[str, list[dict[str, Any]]]) -> list[Case]:
    """Return the cases of configs by model."""
    return [Case(model, config) for model, listed in configs.items() for config in listed]
