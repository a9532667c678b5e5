"""What a reader says about options that it rejects, does not understand, or reads with others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from loracfg.base.catalogue import lookup
from loracfg.errors import LoracfgError
from loracfg.training.planned import plan
from loracfg.training.trainer_files import read_trainer_file
from tests.training.trainer_files.bases import CONFIGS, tree_of
from tests.training.trainer_files.test_readers import AXOLOTL, LLAMA_FACTORY, notes_of, read

SWIFT = "swift sft --model m --tuner_type lora "
FACTORY = "llamafactory-cli train --model_name_or_path m --do_train --lora_target q_proj "
TRL = "trl sft --model_name_or_path m --use_peft "
MLX = "model: m\nfine_tune_type: lora\nnum_layers: 1\n"
NEW_FACTORY = "model: m\ntemplate: t\npeft_config: "
CONTINUES = "training continues that adapter, whose own config counts"
PISSA = LLAMA_FACTORY + "pissa_init: true\n"


@pytest.mark.parametrize(
    ("text", "option", "message"),
    [
        (SWIFT + "--lora_rank $R", "lora_rank", "not understood: its value is not known"),
        (SWIFT + "--lora_rank x", "lora_rank", "the trainer rejects it: it takes an integer"),
        (SWIFT + "--lora_rank 8 9", "lora_rank", "the trainer rejects it: it takes one value"),
        (SWIFT + "--lora_rank", "lora_rank", "the trainer rejects it: it has no value"),
        (SWIFT + "--adapters a", "adapters", f"not understood: {CONTINUES}"),
        (
            SWIFT + "--tuner_backend unsloth",
            "tuner_backend",
            "not understood: another library makes the adapter",
        ),
        (TRL + "--use_dora maybe", "use_dora", "rejects it: it takes `true` or `false`"),
        (
            TRL + "--chat_template_path a",
            "chat_template_path",
            "`SFTTrainer` adds the new tokens of a template, and `lm_head`",
        ),
        (
            "trl sft --config c.yaml --lora_r 8",
            "config",
            "not understood: the options of that file are not read",
        ),
        (FACTORY + "--lora_rank x", "lora_rank", "the trainer rejects it: it takes an integer"),
        (PISSA + "quantization_bit: 4\n", "pissa_init", "rejects it: the base is quantised"),
        (PISSA.replace("sft", "dpo"), "pissa_init", "the trainer rejects it: the stage is `dpo`"),
        (PISSA.replace("sft", "kto"), "pissa_init", "the trainer rejects it: the stage is `kto`"),
        (LLAMA_FACTORY + "adapter_name_or_path: a\n", "adapter_name_or_path", CONTINUES),
        (
            NEW_FACTORY + "{name: freeze}\n",
            "peft_config.name",
            "no LoRA adapter is trained: it is another method",
        ),
        (
            NEW_FACTORY + "lora\n",
            "peft_config",
            "no LoRA adapter is trained: it is not a mapping",
        ),
        (
            NEW_FACTORY + "{name: lora, adapter_name_or_path: a}\n",
            "peft_config",
            "not understood: training continues an adapter, if it trains at all",
        ),
        (
            NEW_FACTORY + "{name: lora, lora_rank: 8}\n",
            "peft_config.lora_rank",
            "not understood: LLaMA-Factory 0.9.5 has no such option",
        ),
        (
            "mlx_lm.lora --model m --num-layers 2 --config c.yaml",
            "config",
            "not understood: the options of that file are not read",
        ),
        (MLX + "lora_layers: 4\n", "lora_layers", "not understood: mlx-lm 0.32.2 ignores it"),
        (
            MLX + "lora_parameters: 8\n",
            "lora_parameters",
            "it is not a mapping of `rank`, `scale` and `dropout`",
        ),
        (MLX.replace("1", "x"), "num_layers", "the trainer rejects it: it is not an integer"),
        (
            AXOLOTL + "peft: {loftq_config: {loftq_bits: x}}\n",
            "peft",
            "input should be a valid integer, unable to parse string as an integer",
        ),
        (
            AXOLOTL + "lora_target_parameters: [a.b]\n",
            "lora_target_parameters",
            "the trainer rejects it: it needs `lora_dropout: 0`",
        ),
        (
            AXOLOTL + "lora_rslora: true\n",
            "lora_rslora",
            "not understood: axolotl 0.19.0 has no such option",
        ),
        (
            AXOLOTL + "flash_attn_fuse_mlp: true\n",
            "flash_attn_fuse_mlp",
            "cannot be used with LoRA",
        ),
        (AXOLOTL + "optimizer: q_galore_adamw8bit\n", "optimizer", "cannot be used with LoRA"),
        (AXOLOTL + "unsloth_lora_qkv: true\n", "unsloth_lora_qkv", "`lora_qkv_kernel` replaces it"),
        (
            AXOLOTL + "lora_o_kernel: true\ntrust_remote_code: true\n",
            "lora_o_kernel",
            "the trainer rejects it: `trust_remote_code` is set",
        ),
        (
            AXOLOTL + "quantize_moe_experts: true\n",
            "quantize_moe_experts",
            "the trainer rejects it: it needs `load_in_4bit` or `load_in_8bit`",
        ),
    ],
)
def test_options_that_are_not_simply_read(text: str, option: str, message: str) -> None:
    file = read(text, "a.yaml" if "\n" in text else "a.sh").resolve(tree_of("llama"))
    (note,) = file.notes
    assert note.option == option
    assert note.message.endswith(message)


@pytest.mark.parametrize(
    ("text", "option", "kind", "meant"),
    [
        (AXOLOTL + "lora_alhpa: 32\n", "lora_alhpa", "differs", "lora_alpha"),
        (AXOLOTL + "use_dora: true\n", "use_dora", "differs", "peft_use_dora"),
        (AXOLOTL + "plugins: [a]\nuse_dora: true\n", "use_dora", "not-understood", "peft_use_dora"),
        (FACTORY + "--lora_ranks 8", "lora_ranks", "rejected", "lora_rank"),
        (SWIFT + "--lora_ranks 8", "lora_ranks", "rejected", "lora_rank"),
        (
            TRL + "--lora_ranks 8 --target_modules a",
            "target_modules",
            "not-understood",
            "lora_target_modules",
        ),
        (TRL + "--lora_target_module a", "lora_target_module", "not-understood", None),
    ],
)
def test_misspelt_options(text: str, option: str, kind: str, meant: str | None) -> None:
    notes = read(text.replace("lora_alpha: 16\n", ""), "a.yaml" if "\n" in text else "a.sh").notes
    (note,) = [one for one in notes if one.option == option]
    assert (note.kind, note.nearest) == (kind, (meant,) if meant else ())


def test_an_option_that_is_not_set_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(AXOLOTL.replace("lora_target_modules", "lora_target_module"), "utf-8")
    found = {one.code: one.help for one in plan(path).report.diagnostics}
    assert found["LC301"] == "set `lora_target_modules` or `lora_target_linear`"
    assert found["LC133"] == "write `lora_target_modules`"


@pytest.mark.parametrize(
    ("text", "config"),
    [
        (
            "swift rlhf --model m --tuner_type lora --rlhf_type rm",
            {"task_type": "SEQ_CLS", "modules_to_save": ["v_head"]},
        ),
        ("swift sft more --model m --tuner_type lora --lora_rank 4", {"r": 4}),
        ("swift sft --model m --lo\\\nra_rank 4", {"r": 4}),
        (TRL + "--lora_target_parameters none", {"r": 16}),
        (FACTORY + "--lora_rank 4 --lora_alpha none", {"r": 4, "lora_alpha": 8}),
        (
            PISSA.replace("sft", "dpo") + "pref_loss: simpo\n",
            {"init_lora_weights": "pissa_niter_16"},
        ),
        (
            LLAMA_FACTORY + "adapter_name_or_path: a\ncreate_new_adapter: true\n",
            {"r": 4},
        ),
        (LLAMA_FACTORY.replace(": all", ": 5"), {"target_modules": 5}),
        (NEW_FACTORY + "{name: lora, target_modules: q_proj}\n", {"target_modules": ["q_proj"]}),
        (MLX + "lora_parameters: {rank: x, scale: 2, dropout: 0}\n", {"r": "x"}),
        (AXOLOTL + "peft: {loftq_config: {loftq_bits: 0}}\n", {"loftq_config": None}),
        (AXOLOTL + "reward_model: true\n", {"task_type": "SEQ_CLS"}),
        (AXOLOTL + "reward_model: true\ntrust_remote_code: true\n", {"task_type": "CAUSAL_LM"}),
    ],
)
def test_options_that_are_read_with_others(text: str, config: dict[str, Any]) -> None:
    file = read(text, "a.yaml" if ": " in text else "a.sh").resolve(tree_of("llama"))
    assert file.notes == ()
    assert {field: file.config.get(field) for field in config} == config


@pytest.mark.parametrize("base", ["7", "[a, b]"])
def test_a_base_that_is_no_text_is_none(base: str) -> None:
    assert read(AXOLOTL.replace("org/model", base)).base is None


@pytest.mark.parametrize(
    "text",
    [
        "swift",
        "swift export --model m --tuner_type lora",
        "llamafactory-cli chat --model_name_or_path m --lora_rank 4",
    ],
)
def test_commands_that_do_not_train_are_none(text: str) -> None:
    assert read_trainer_file("a.sh", text) is None


def test_the_words_of_a_script_are_bounded() -> None:
    with pytest.raises(LoracfgError, match=r"^`a\.sh` has more than 20000 words$"):
        read_trainer_file("a.sh", "x " * 20_001)


@pytest.mark.parametrize(
    ("model_type", "head", "is_adapted"),
    [
        ("internlm2", "output", False),
        ("chatglm", "output_layer", False),
        ("llama", "output", True),
    ],
)
def test_output_layers_of_other_names_are_no_target(
    model_type: str, head: str, is_adapted: bool
) -> None:
    """Their code is not in transformers, so their trees come from the user."""
    tree = tree_of("llama")
    modules = {path.replace("lm_head", head): module for path, module in tree.modules.items()}
    base = replace(tree, model_type=model_type, modules=modules)
    targets = read(LLAMA_FACTORY).resolve(base).config["target_modules"]
    assert isinstance(targets, list)
    assert (head in targets) == is_adapted
    assert "q_proj" in targets


def test_a_base_without_layers_has_none_for_mlx() -> None:
    base = lookup.build(CONFIGS["llama"] | {"num_hidden_layers": 0}, "LlamaForCausalLM")
    file = read(MLX).resolve(base)
    assert notes_of(file) == [("not-understood", "num_layers")]
    assert file.notes[0].message.endswith("the layers of this base are not found")
