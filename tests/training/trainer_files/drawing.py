"""Draws files and command lines of each trainer, some with values that it rejects."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from tests.training.trainer_files.bases import CONFIGS, TEXT

_INTEGERS: Final = ("4", "8", "64", "1")
_ODD_INTEGERS: Final = (*_INTEGERS * 8, "'16'", "12.0", "null", "2.5", "abc", "true")
_NUMBERS: Final = (*("0.05", "0", "0.0", ".1") * 3, "1e-1", "1.0e-1", "null", "'0.1'")
_BOOLEANS: Final = (*("true", "false") * 3, "null", "yes", "no", "True", "off", "'true'", "1")
_USE: Final = ("true", "true", "yes", "false", "null")
_NAMES: Final = (
    "q_proj",
    "[q_proj, v_proj]",
    "\n  - k_proj\n  - up_proj # the MLP\n",
    "[]",
    "null",
    "all-linear",
    "['[q']",
    "'.*\\.(q|k)_proj'",
    "[c_attn]",
)
_SAVED: Final = (
    "[embed_tokens, lm_head]",
    "[lm_head]",
    "[]",
    "null",
    "\n- embed_tokens\n- lm_head\n",
)

Choices = Mapping[str, Sequence[str]]

_AXOLOTL: Final[Choices] = {
    "lora_r": _ODD_INTEGERS,
    "lora_alpha": _ODD_INTEGERS,
    "lora_dropout": (*_NUMBERS, "abc"),
    "lora_target_modules": _NAMES,
    "lora_target_linear": _BOOLEANS,
    "lora_target_parameters": ("[mlp.experts.gate_up_proj]", *("null", "[]") * 3, "a.b"),
    "lora_fan_in_fan_out": _BOOLEANS,
    "lora_modules_to_save": _SAVED,
    "lora_exclude_modules": ("[lm_head]", "null"),
    "lora_rank_pattern": (*("{q_proj: 4}", "null", "{}") * 4, "{'^a': 0}"),
    "lora_alpha_pattern": ("{q_proj: 4, v_proj: '8'}", "null"),
    "peft_layers_to_transform": (*("[0, 1]", "[0]", "null") * 4, "[a]"),
    "peft_layers_pattern": ("[layers]", *("null",) * 4, "layers"),
    "peft_use_dora": _BOOLEANS,
    "peft_use_rslora": _BOOLEANS,
    "peft_layer_replication": (*("[[0, 2], [1, 2]]", "null") * 4, "[[0]]"),
    "peft_init_lora_weights": ("gaussian", "true", "false", "pissa", "null", "olora"),
    "peft_trainable_token_indices": ("[1, 2]", "{embed_tokens: [3]}", "null"),
    "peft_ensure_weight_tying": _BOOLEANS,
    "peft": ("{loftq_config: {loftq_bits: 4}}", "{loftq_config: {}}", "{}", "null"),
    "reward_model": ("true", "false"),
    "process_reward_model": ("true", "false"),
    "model_type": ("AutoModelForCausalLM", "AutoModelForSequenceClassification"),
    "lora_mlp_kernel": (*("false",) * 4, "true"),
    "lora_on_cpu": ("true",),
    "trust_remote_code": (*("false",) * 4, "true"),
    "unfrozen_parameters": (*("null",) * 4, "[a]"),
    "flash_attn_fuse_mlp": (*("false",) * 9, "true"),
    "quantize_moe_experts": (*("false",) * 4, "true"),
    "optimizer": (*("adamw_torch",) * 4, "polora", "q_galore_adamw8bit"),
    "unsloth_lora_mlp": (*("false",) * 9, "true"),
    "lora_alhpa": ("8",),
    "target_modules": ("[q_proj]", "null"),
}
_TRL: Final[Choices] = {
    "lora_r": (*_INTEGERS * 6, "'16'", "12.5", "null", "abc"),
    "lora_alpha": (*_INTEGERS * 6, "'16'", "1e1", "null"),
    "lora_dropout": _NUMBERS,
    "lora_target_modules": (*_NAMES, "a", "[a]"),
    "lora_target_parameters": ("[mlp.experts.gate_up_proj]", "null", "a.b"),
    "lora_modules_to_save": _SAVED,
    "lora_task_type": ("CAUSAL_LM", "SEQ_CLS", "null"),
    "use_rslora": _BOOLEANS,
    "use_dora": _BOOLEANS,
    "load_in_4bit": ("true", "false"),
}
_LLAMA_FACTORY: Final[Choices] = {
    "lora_rank": (*_INTEGERS, "'16'", "12.5"),
    "lora_alpha": (*_INTEGERS, "null", "0", "1e1"),
    "lora_dropout": ("0.05", "0", "1e-1", "0.1"),
    "lora_target": (
        "all",
        "q_proj,v_proj",
        "'q_proj , v_proj'",
        "q_proj",
        "[q_proj, v_proj]",
        "[all]",
    ),
    "additional_target": ("'embed_tokens,lm_head'", "lm_head", "null", "[lm_head]"),
    "use_rslora": ("true", "false"),
    "use_dora": ("true", "false"),
    "pissa_init": ("true", "false"),
    "pissa_iter": ("-1", "4"),
    "resize_vocab": ("true", "false"),
    "freeze_vision_tower": ("true", "false"),
    "freeze_multi_modal_projector": ("true", "false"),
    "freeze_language_model": ("true", "false", "false"),
    "stage": (*("sft", "pt") * 3, "dpo", "kto"),
    "quantization_bit": ("null",),
}
_LLAMA_FACTORY_V1: Final[Choices] = {
    "r": _INTEGERS,
    "lora_alpha": _INTEGERS,
    "lora_dropout": ("0.05", "0", "0.1"),
    "target_modules": ("all", "q_proj", "[q_proj, v_proj]"),
    "use_rslora": ("true", "false"),
    "use_dora": ("true", "false"),
    "modules_to_save": ("[lm_head]", "null"),
}
_MS_SWIFT: Final[Choices] = {
    "lora_rank": (*_INTEGERS * 6, "'16'", "abc"),
    "lora_alpha": (*_INTEGERS, "8.5", "'16'"),
    "lora_dropout": ("0.05", "0", "1e-1", "0.1"),
    "lora_bias": (*("none", "all") * 5, "some"),
    "target_modules": (
        *("all-linear", "[q_proj, v_proj]", "q_proj", "[all-linear, all-embedding]"),
        *("[all-embedding]", "[all-linear, lm_head]"),
    ),
    "target_regex": ("'.*\\.(q|k)_proj'",),
    "target_parameters": ("[mlp.experts.gate_up_proj]",),
    "modules_to_save": ("[embed_tokens]", "[all-embedding]", "[all-norm, lm_head]"),
    "use_rslora": ("true", "false"),
    "use_dora": ("true", "false"),
    "init_weights": ("gaussian", "'true'", "'False'", "true", "pissa", "olora"),
    "freeze_llm": ("true", "false", "false"),
    "freeze_vit": ("true", "false"),
    "freeze_aligner": ("true", "false"),
    "task_type": ("causal_lm", "seq_cls", "embedding", "reranker", "generative_reranker"),
    "lorap_lr_ratio": ("16.0",),
}
_MLX: Final[Choices] = {
    "num_layers": (*("1", "2", "-1") * 5, "0", "3", "16", "null"),
    "fine_tune_type": (*("lora", "dora") * 5, "full", "null"),
    "lora_parameters": (
        "{rank: 8, scale: 20.0, dropout: 0.0}",
        "{rank: 4, scale: 1e1, dropout: 0.1}",
        "{keys: [self_attn.q_proj, mlp.up_proj], rank: 4, scale: 2, dropout: 0}",
        "{keys: [q_proj], rank: 4, scale: 2, dropout: 0}",
        "{rank: 8, alpha: 16, dropout: 0}",
        "{rank: 16, scale: 0.5, dropout: 0.25, keys: [self_attn.k_proj, mlp]}",
        "\n  rank: 2\n  scale: 10.0\n  dropout: 0.05\n",
        "null",
    ),
}
_OPTIONAL: Final = 0.3
"""How likely each option is given."""


class Drawn(NamedTuple):
    """A drawn file: its name and text, its base, and the words if it is a command line."""

    name: str
    text: str
    base: str
    arguments: str | None = None


def draw(trainer: str, rng: random.Random) -> Drawn:
    """Draw a file of a trainer."""
    match trainer:
        case "axolotl":
            head = ["base_model: org/model", f"adapter: {rng.choice(('lora', 'qlora', 'lora'))}"]
            if "qlora" in head[1]:
                head.append("load_in_4bit: true")
            head += ["val_set_size: 0"]
            head += ["datasets: [{path: a, type: alpaca}]", "micro_batch_size: 1"]
            head += ["sequence_len: 8", "learning_rate: 1e-4", "gradient_accumulation_steps: 1"]
            must = ("lora_r", "lora_alpha") if rng.random() < 0.9 else ()
            return _yaml(head, _options(_AXOLOTL, rng, must), rng)
        case "TRL":
            head = ["model_name_or_path: org/model", f"use_peft: {rng.choice(_USE)}"]
            if rng.random() < 0.35:
                return _words(["--model_name_or_path org/model", "--use_peft"], _TRL, rng)
            return _yaml(head, _options(_TRL, rng), rng)
        case "LLaMA-Factory":
            return _draw_llama_factory(rng)
        case "ms-swift":
            if rng.random() < 0.4:
                return _words(["--model org/model", "--tuner_type lora"], _MS_SWIFT, rng)
            head = ["model: org/model", f"tuner_type: {rng.choice((*['lora'] * 9, 'full'))}"]
            return _yaml(head, _options(_MS_SWIFT, rng), rng)
        case _:
            must = ("num_layers", rng.choice(("lora_parameters", "fine_tune_type")))
            options = _options(_MLX, rng, must)
            return _yaml(["model: org/model"], options, rng, ("llama", "qwen3", "qwen2", "phi3"))


def _draw_llama_factory(rng: random.Random) -> Drawn:
    if rng.random() < 0.2:
        head = ["model: org/model", "template: qwen3_nothink", "peft_config:", "  name: lora"]
        return _yaml([*head, *(f"  {one}" for one in _options(_LLAMA_FACTORY_V1, rng))], [], rng)
    head = ["model_name_or_path: org/model", "template: qwen"]
    head += [f"do_train: {rng.choice((*['true'] * 9, 'false'))}"]
    head += [f"finetuning_type: {rng.choice((*['lora'] * 9, 'oft'))}"]
    return _yaml(head, _options(_LLAMA_FACTORY, rng), rng)


def _options(choices: Choices, rng: random.Random, must: Sequence[str] = ()) -> list[str]:
    chosen = [one for one in choices if one in must or rng.random() < _OPTIONAL]
    rng.shuffle(chosen)
    return [f"{option}: {rng.choice(choices[option])}".rstrip() for option in chosen]


def _yaml(
    head: Sequence[str], options: Sequence[str], rng: random.Random, bases: Sequence[str] = ()
) -> Drawn:
    text = "\n".join(("# a drawn file", *head, *options)) + "\n"
    names = bases or (TEXT if rng.random() < 0.6 else tuple(CONFIGS))
    return Drawn("config.yaml", text, rng.choice(names))


def _words(head: Sequence[str], choices: Choices, rng: random.Random) -> Drawn:
    words = list(head)
    for option in _options(choices, rng):
        name, _, value = option.partition(": ")
        values = value.strip("[]'").replace("\n", " ").replace("'", "")
        if not values or (any(one in values for one in "{-#\\") and "all-" not in values):
            continue
        name = name.replace("_", "-") if rng.random() < 0.2 else name
        words.append(f"--{name} {values.replace(',', '')}")
    arguments = " ".join(words)
    return Drawn("train.sh", " \\\n  ".join(words) + "\n", rng.choice(TEXT), arguments)
