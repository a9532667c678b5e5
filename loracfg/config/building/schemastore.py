"""The entry for the catalogue of SchemaStore, and examples that pass or fail.

SchemaStore tests only schemas that it stores itself, and ours stays on our site, so the examples
are for us and for other tools. Each negative file has one fault.
"""

from __future__ import annotations

from typing import Any, Final

from loracfg.config import CONFIG_NAME
from loracfg.config.history.field_facts import FLAGS
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.lora_config import LoraConfig
from loracfg.config.schema.schema_files import EDITOR, URL

Arguments = dict[str, Any]

ENTRY: Final = {
    "name": "PEFT LoRA adapter",
    "description": "Config of a LoRA adapter of Hugging Face PEFT",
    "fileMatch": [f"**/{CONFIG_NAME}"],
    "url": URL + EDITOR,
}
"""The entry in `src/api/json/catalog.json`."""

_TARGETS: Final[Arguments] = {"target_modules": ["q_proj", "v_proj"]}
_HEAD: Final[Arguments] = {"peft_type": "LORA", **_TARGETS}

_CONFIGS: Final[dict[str, Arguments]] = {
    "dora": {"use_dora": True, "task_type": "CAUSAL_LM", "peft_version": PEFT_RELEASE},
    "rslora": {"r": 64, "lora_alpha": 16.0, "lora_dropout": 0.05, "use_rslora": True},
    "head": {"task_type": "SEQ_CLS", "modules_to_save": ["classifier"], "bias": "all"},
    "biases": {"task_type": "TOKEN_CLS", "lora_bias": True, "bias": "lora_only"},
    "span": {"task_type": "QUESTION_ANS", "base_model_name_or_path": "org/base", "revision": "v1"},
    "encoder-decoder": {"task_type": "SEQ_2_SEQ_LM", "fan_in_fan_out": True},
    "features": {"task_type": "FEATURE_EXTRACTION", "inference_mode": True, "bias": "none"},
    "no-task": {"task_type": None, "auto_mapping": {"base_model_class": "LlamaForCausalLM"}},
    "patterns": {
        "target_modules": r".*\.(q|v)_proj",
        "exclude_modules": [r"lm_head"],
        "rank_pattern": {r"layers\.0\.self_attn\.q_proj": 16},
        "alpha_pattern": {r"layers\.0\.self_attn\.q_proj": 32.0},
    },
    "layers": {"layers_to_transform": [0, 1], "layers_pattern": "layers"},
    "replication": {"layer_replication": [[0, 16], [8, 24]]},
    "tokens": {"trainable_token_indices": {"embed_tokens": [1]}, "ensure_weight_tying": True},
    "experts": {"target_modules": [], "target_parameters": ["experts.gate_up_proj"]},
    "megatron": {"megatron_config": {"num_layers": 2}, "megatron_core": "megatron"},
    "qalora": {"use_qalora": True, "qalora_group_size": 32},
    "alora": {"alora_invocation_tokens": [5, 6]},
    "bdlora": {
        "use_bdlora": {
            "target_modules_bd_a": ["q_proj"],
            "target_modules_bd_b": ["v_proj"],
            "nblocks": 2,
            "match_strict": False,
        }
    },
    "arrow": {
        "arrow_config": {
            "top_k": 2,
            "router_temperature": 0.5,
            "use_gks": True,
            "task_adapter_names": ["a"],
            "gks_adapter_names": ["b"],
            "rng_seed": 1,
        }
    },
    "monteclora": {
        "monteclora_config": {
            "num_samples": 4,
            "use_entropy": True,
            "dirichlet_prior": 1,
            "sample_scaler": 0.001,
            "kl_loss_weight": 0.001,
            "buffer_size": 10,
        }
    },
    "kasa": {"kasa_config": {"beta": 0.01, "gamma": 0.01}},
    **{
        f"velora-{init}": {"velora_config": {"num_groups": 32, "scale": 0.5, "init_type": init}}
        for init in ("batch_average", "batch_average_once", "random")
    },
    **{
        f"init-{init}": {"init_lora_weights": init}
        for init in ("gaussian", "olora", "pissa", "pissa_niter_16", "orthogonal", "mica")
    },
    "init-plain": {"init_lora_weights": True},
    "init-random": {"init_lora_weights": False},
    "init-caseless": {"init_lora_weights": "OLoRA"},
    "init-iterations": {"init_lora_weights": "pissa_niter_4"},
    "init-eva": {
        "init_lora_weights": "eva",
        "eva_config": {
            "rho": 1.5,
            "tau": 0.9,
            "use_label_mask": False,
            "label_mask_value": -1,
            "whiten": True,
            "adjust_scaling_factors": False,
        },
    },
    **{
        f"init-corda-{method}": {
            "init_lora_weights": "corda",
            "corda_config": {
                "cache_file": "cache.pt",
                "covariance_file": "covariance.pt",
                "corda_method": method,
                "verbose": True,
                "use_float16_for_covariance": True,
                "prune_temporary_fields": False,
            },
        }
        for method in ("ipm", "kpm")
    },
    **{
        f"init-loftq-{bits}": {
            "init_lora_weights": "loftq",
            "loftq_config": {"loftq_bits": bits, "loftq_iter": 5},
        }
        for bits in (2, 4, 8)
    },
    **{
        f"init-lora_ga-{scale}": {
            "init_lora_weights": "lora_ga",
            "lora_ga_config": {"direction": direction, "scale": scale, "stable_gamma": 8},
        }
        for direction, scale in (
            ("ArBr", "stable"),
            ("A2rBr", "weight_svd"),
            ("ArB2r", "gd_scale"),
            ("random", "unit"),
        )
    },
}
_OTHER_FLAGS: Final = FLAGS.difference(*_CONFIGS.values())

CONFIGS: Final[dict[str, Arguments]] = {
    **_CONFIGS,
    **{name: {name: True} for name in sorted(_OTHER_FLAGS)},
}
"""Arguments of `LoraConfig` that together cover every key and every listed value."""

OTHERS: Final[dict[str, Arguments]] = {
    "peft-0.2.0": {**_HEAD, "merge_weights": True, "enable_lora": [True, False, True]},
    "other-method": {"peft_type": "IA3", "target_modules": ["k_proj"], "r": None},
    "other-tool": {"fine_tune_type": "lora", "lora_parameters": {"rank": 8}},
    "later-key": {**_HEAD, "unheard_of": 1, "eva_config": {"unheard_of": 1}},
    "nulls": {**_HEAD, "fan_in_fan_out": None, "use_dora": None, "init_lora_weights": None},
}
"""Files that are not a `LoraConfig`, but that the schema accepts."""

FAULTS: Final[dict[str, Any]] = {
    **{f"/{name}": "yes" for name in sorted(FLAGS)},
    "/task_type": "CAUSAL",
    "/auto_mapping": "LlamaForCausalLM",
    "/peft_version": 0.18,
    "/base_model_name_or_path": ["org/base"],
    "/revision": 1,
    "/inference_mode": "true",
    "/r": 0,
    "/target_modules": 3,
    "/target_modules/0": [""],
    "/exclude_modules": 3,
    "/lora_alpha": "16",
    "/lora_dropout": 1.5,
    "/fan_in_fan_out": "false",
    "/bias": "lora",
    "/use_rslora": 1,
    "/modules_to_save": "lm_head",
    "/init_lora_weights": "gausian",
    "/layers_to_transform/0": ["0"],
    "/layers_pattern": 0,
    "/rank_pattern/q_proj": {"q_proj": 0},
    "/alpha_pattern/q_proj": {"q_proj": "16"},
    "/megatron_config": "config",
    "/megatron_core": 1,
    "/trainable_token_indices/0": [-1],
    "/loftq_config/loftq_bits": {"loftq_bits": 3},
    "/loftq_config/loftq_iter": {"loftq_iter": 0},
    "/eva_config/rho": {"rho": 0.5},
    "/eva_config/tau": {"tau": 2},
    "/corda_config/corda_method": {"corda_method": "kmp"},
    "/lora_ga_config/direction": {"direction": "ArAr"},
    "/lora_ga_config/scale": {"scale": "none"},
    "/lora_ga_config/stable_gamma": {"stable_gamma": 0},
    "/velora_config/num_groups": {"num_groups": 0},
    "/velora_config/scale": {"scale": 0},
    "/velora_config/init_type": {"init_type": "zero"},
    "/alora_invocation_tokens": 5,
    "/qalora_group_size": "16",
    "/monteclora_config": {"unheard_of": 1},
    "/monteclora_config/num_samples": {"num_samples": 0},
    "/monteclora_config/dirichlet_prior": {"dirichlet_prior": 0},
    "/monteclora_config/buffer_size": {"buffer_size": 0},
    "/layer_replication/0": [[0, 16, 32]],
    "/lora_bias": "none",
    "/target_parameters": "experts.gate_up_proj",
    "/use_bdlora": True,
    "/use_bdlora/nblocks": {"nblocks": 0},
    "/arrow_config/top_k": {"top_k": 0},
    "/arrow_config/router_temperature": {"router_temperature": 0},
    "/kasa_config/beta": {"beta": -1},
    "/kasa_config/gamma": {"gamma": -1},
    "/merge_weights": "yes",
    "/enable_lora": True,
}
"""Invalid values of top-level keys, by the pointer of the fault."""


def positive_files() -> dict[str, Arguments]:
    """Return the examples that pass, by name."""
    configs = {name: {**_HEAD, **arguments} for name, arguments in CONFIGS.items()}
    return {"default": LoraConfig(**_TARGETS).to_dict(), **configs, **OTHERS}


def negative_files() -> dict[str, tuple[str, Arguments]]:
    """Return the examples that fail, by name, each with the pointer of its fault."""
    found: dict[str, tuple[str, Arguments]] = {"no-peft_type": ("", {**_TARGETS, "r": 8})}
    for pointer, value in FAULTS.items():
        name = pointer.strip("/").replace("/", "-")
        found[name] = (pointer, {**_HEAD, pointer.split("/")[1]: value})
    return found
