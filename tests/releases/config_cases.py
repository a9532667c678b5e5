"""Configs that PEFT releases read differently, each with its loader."""

from __future__ import annotations

from typing import Any, Final, Literal

Loader = Literal["LoraConfig", "PeftConfig"]
Case = tuple[dict[str, Any], Loader]

BASE: Final[dict[str, Any]] = {
    "peft_type": "LORA",
    "r": 7,
    "lora_alpha": 14,
    "lora_dropout": 0.0,
    "bias": "none",
    "target_modules": ["lin0"],
}
"""What every release loads, with every key that the first one needs."""


def _with(**values: Any) -> Case:
    return BASE | values, "LoraConfig"


def _by_peft_config(**values: Any) -> Case:
    return BASE | values, "PeftConfig"


def _untyped(loader: Loader, **values: Any) -> Case:
    config = BASE | values
    del config["peft_type"]
    return config, loader


CASES: Final[dict[str, Case]] = {
    "plain": _with(),
    "plain_PeftConfig": _by_peft_config(),
    "unknown_LoraConfig": _with(foo_bar=1),
    "unknown_PeftConfig": _by_peft_config(foo_bar=1),
    "unknown_methodname": _with(to_dict=1),
    "no_peft_type": _untyped("LoraConfig"),
    "no_peft_type_PeftConfig": _untyped("PeftConfig"),
    "no_peft_type_unknown": _untyped("LoraConfig", foo_bar=1),
    "bad_peft_type": _with(peft_type="NOPE"),
    "lower_peft_type": _with(peft_type="lora"),
    "bad_task": _with(task_type="NOPE"),
    "lower_task": _with(task_type="causal_lm"),
    "runtime_config": _with(runtime_config={"ephemeral_gpu_offload": True}),
    "tm_str_ltt": _with(target_modules=".*", layers_to_transform=[1]),
    "tm_str_lp": _with(target_modules=".*", layers_pattern="h"),
    "lp_no_ltt": _with(layers_pattern="h"),
    "lp_ltt_0": _with(layers_pattern="h", layers_to_transform=0),
    "lp_ltt_empty": _with(layers_pattern="h", layers_to_transform=[]),
    "dora_megatron": _with(use_dora=True, megatron_config={"a": 1}),
    "dora_loftq": _with(
        use_dora=True, init_lora_weights="loftq", loftq_config={"loftq_bits": 4, "loftq_iter": 1}
    ),
    "loftq_ignored": _with(loftq_config={"loftq_bits": 4, "loftq_iter": 1}),
    "eva_ignored": _with(eva_config={"rho": 2.0}),
    "eva_ok": _with(init_lora_weights="eva", eva_config={"rho": 2.0}),
    "eva_bad": _with(init_lora_weights="eva", eva_config={"rho": 0.1}),
    "eva_unknown": _with(init_lora_weights="eva", eva_config={"zzz": 1}),
    "corda_dict": _with(init_lora_weights="corda", corda_config={"corda_method": "zzz"}),
    "arrow_dict": _with(
        arrow_config={
            "top_k": 3,
            "router_temperature": 1.0,
            "use_gks": False,
            "task_adapter_names": ["a"],
            "gks_adapter_names": [],
            "rng_seed": None,
        }
    ),
    "arrow_bad": _with(arrow_config={"top_k": 0}),
    "bdlora_dict": _with(use_bdlora={"target_modules_bd_a": ["x"], "nblocks": 2}),
    "bdlora_true": _with(use_bdlora=True),
    "bdlora_overlap": _with(
        use_bdlora={"target_modules_bd_a": ["x"], "target_modules_bd_b": ["x"]}
    ),
    "lora_ga_dict": _with(init_lora_weights="lora_ga", lora_ga_config={"direction": "zzz"}),
    "lora_ga_unknown": _with(lora_ga_config={"zzz": 1}),
    "velora_dict": _with(velora_config={"num_groups": 4}),
    "velora_unknown": _with(velora_config={"zzz": 1}),
    "velora_bad": _with(velora_config={"num_groups": 0}),
    "velora_str": _with(velora_config="x"),
    "monteclora_dict": _with(monteclora_config={"num_samples": 4}),
    "monteclora_unknown": _with(monteclora_config={"zzz": 1}),
    "monteclora_str": _with(monteclora_config="x"),
    "kasa_dict": _with(kasa_config={"beta": 0.1}),
    "kasa_unknown": _with(kasa_config={"zzz": 1}),
    "kasa_bad": _with(kasa_config={"beta": -1}),
    "target_parameters_str": _with(target_parameters="x"),
    "lora_bias_dora": _with(lora_bias=True, use_dora=True),
    "lora_bias_gauss": _with(lora_bias=True, init_lora_weights="gaussian"),
    "alora_notask": _with(alora_invocation_tokens=[1]),
    "alora_task": _with(task_type="CAUSAL_LM", alora_invocation_tokens=[1]),
    "rslora_pissa_pattern": _with(
        use_rslora=True, init_lora_weights="pissa", rank_pattern={"a": 1}
    ),
    "peft_version_kept": _with(peft_version="0.18.0"),
    "peft_version_future": _with(peft_version="99.0"),
    "r_str": _with(r="8"),
    "r_neg": _with(r=-1),
    "bias_bogus": _with(bias="bogus"),
    "tm_int": _with(target_modules=5),
    "rank_pattern_null": _with(rank_pattern=None),
    "ensure_tie": _with(ensure_weight_tying=True),
    "merge_weights_legacy": _with(merge_weights=False, enable_lora=None),
}
