"""What the readers find in files of each trainer: values, places, notes."""

from __future__ import annotations

import pytest

from loracfg.document.json_value import JsonObject
from loracfg.errors import LoracfgError
from loracfg.report.report import Location
from loracfg.training.trainer_files import read_trainer_file
from loracfg.training.trainer_files.trainer_file import TrainerFile
from tests.training.trainer_files.bases import tree_of

AXOLOTL = """\
base_model: org/model
adapter: lora
lora_r: 8
lora_alpha: 16
lora_target_modules:
  - q_proj
  - v_proj
lora_dropout: 0.05 # comment
"""
LLAMA_FACTORY = """\
model_name_or_path: org/model
stage: sft
do_train: true
finetuning_type: lora
lora_rank: 4
lora_target: all
"""
SWIFT = """\
#!/bin/bash
# train
CUDA_VISIBLE_DEVICES=0,1 \\
swift sft \\
    --model org/model \\
    --tuner_type lora \\
    --target_modules q_proj "v_proj" \\
    --lora_rank 4
"""


def read(text: str, name: str = "config.yaml") -> TrainerFile:
    found = read_trainer_file(name, text)
    assert found is not None
    return found


def line_and_column(place: Location) -> tuple[int, int]:
    assert place.region is not None
    return place.region[:2]


def notes_of(file: TrainerFile) -> list[tuple[str, str]]:
    return [(note.kind, note.option) for note in file.notes]


@pytest.mark.parametrize(
    ("name", "text", "trainer", "config", "unresolved"),
    [
        (
            "a.yml",
            AXOLOTL,
            "axolotl",
            {
                "r": 8,
                "lora_alpha": 16,
                "lora_dropout": 0.05,
                "bias": "none",
                "task_type": "CAUSAL_LM",
                "target_modules": ["q_proj", "v_proj"],
            },
            (),
        ),
        (
            "a.yaml",
            LLAMA_FACTORY,
            "LLaMA-Factory",
            {
                "r": 4,
                "lora_alpha": 8,
                "lora_dropout": 0.0,
                "use_rslora": False,
                "use_dora": False,
                "task_type": "CAUSAL_LM",
                "inference_mode": False,
            },
            ("target_modules",),
        ),
        (
            "a.json",
            '{"model_name_or_path": "org/model", "use_peft": true, "lora_r": "8"}',
            "TRL",
            {
                "task_type": "CAUSAL_LM",
                "r": 8,
                "lora_alpha": 32,
                "lora_dropout": 0.05,
                "use_rslora": False,
                "use_dora": False,
                "bias": "none",
            },
            (),
        ),
        (
            "a.sh",
            SWIFT,
            "ms-swift",
            {
                "r": 4,
                "lora_alpha": 32.0,
                "lora_dropout": 0.05,
                "bias": "none",
                "use_rslora": False,
                "use_dora": False,
                "init_lora_weights": True,
                "task_type": "CAUSAL_LM",
                "target_modules": ["q_proj", "v_proj"],
                "modules_to_save": [],
            },
            (),
        ),
        (
            "a.yaml",
            "model: org/model\nlora_parameters: {rank: 4, scale: 2e1, dropout: 0.1}\n",
            "mlx-lm",
            {
                "use_dora": False,
                "r": 4,
                "lora_alpha": 80.0,
                "lora_dropout": 0.1,
                "bias": "none",
            },
            ("target_modules",),
        ),
    ],
)
def test_each_trainer_is_recognised_and_read(
    name: str, text: str, trainer: str, config: JsonObject, unresolved: tuple[str, ...]
) -> None:
    file = read(text, name)
    assert (file.trainer, file.base, file.file) == (trainer, "org/model", name)
    assert (file.config, file.unresolved) == (config, unresolved)
    assert file.notes == ()


def test_values_have_the_places_of_their_options() -> None:
    file = read(AXOLOTL)
    assert line_and_column(file.location("/r")) == (3, 9)
    assert line_and_column(file.location("/target_modules/1")) == (7, 5)
    assert line_and_column(file.location("/target_modules/1/x")) == (7, 5)
    assert line_and_column(file.location("/lora_dropout")) == (8, 15)
    assert line_and_column(file.location("/task_type")) == (2, 10)  # that of `adapter`
    assert file.base_place is not None
    assert line_and_column(file.base_place) == (1, 13)


def test_words_of_a_command_have_places() -> None:
    file = read(SWIFT, "train.sh")
    assert line_and_column(file.location("/target_modules/1")) == (7, 29)
    assert line_and_column(file.location("/r")) == (8, 17)


def test_lora_alpha_has_the_place_of_the_rank_that_it_follows() -> None:
    assert line_and_column(read(LLAMA_FACTORY).location("/lora_alpha")) == (5, 12)


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        (LLAMA_FACTORY, "llama", "down_proj gate_proj k_proj o_proj q_proj up_proj v_proj"),
        (LLAMA_FACTORY, "gpt_neox", "dense dense_4h_to_h dense_h_to_4h query_key_value"),
        (
            AXOLOTL + "lora_target_linear: true\n",
            "phi3",
            "q_proj v_proj down_proj gate_up_proj o_proj qkv_proj",
        ),
        (
            "model: m\ntuner_type: lora\ntarget_modules: [all-linear, lm_head]\n",
            "llama",
            "lm_head down_proj gate_proj k_proj o_proj q_proj up_proj v_proj",
        ),
        (
            "model: m\nnum_layers: 1\nlora_parameters: "
            "{rank: 4, scale: 2, dropout: 0, keys: [self_attn.q_proj]}\n",
            "llama",
            "model.layers.1.self_attn.q_proj",
        ),
    ],
)
def test_shorthands_are_resolved_on_the_base(text: str, base: str, expected: str) -> None:
    file = read(text).resolve(tree_of(base))
    assert file.config["target_modules"] == expected.split()
    assert file.unresolved == ()
    assert file.notes == ()


def test_a_frozen_tower_gets_no_adapter() -> None:
    paths = read(LLAMA_FACTORY).resolve(tree_of("qwen2_vl")).config["target_modules"]
    assert isinstance(paths, list)
    assert "model.language_model.layers.0.self_attn.q_proj" in paths
    assert not any("visual" in str(path) for path in paths)
    free = LLAMA_FACTORY + "freeze_vision_tower: false\n"
    more = read(free).resolve(tree_of("qwen2_vl")).config["target_modules"]
    assert isinstance(more, list)
    assert "model.visual.blocks.0.attn.qkv" in more


@pytest.mark.parametrize(
    ("name", "text", "notes"),
    [
        ("a.yaml", AXOLOTL.replace("adapter: lora", ""), [("no-lora", "adapter")]),
        ("a.yaml", AXOLOTL.replace("adapter: lora", "adapter: mora"), [("no-lora", "adapter")]),
        (
            "a.yaml",
            AXOLOTL + "lora_targets: [x]\n",
            [("not-understood", "lora_targets")],
        ),
        (
            "a.yaml",
            AXOLOTL + "lora_exclude_modules: [lm_head]\n",
            [("differs", "lora_exclude_modules")],
        ),
        ("a.yaml", AXOLOTL.replace("lora_r: 8", "lora_r: many"), [("rejected", "lora_r")]),
        (
            "a.yaml",
            AXOLOTL.replace("lora_r: 8", "lora_r: 2026-01-01"),
            [("not-understood", "lora_r")],
        ),
        (
            "a.yaml",
            AXOLOTL + "lora_model_dir: ./adapter\n",
            [("not-understood", "lora_model_dir")],
        ),
        ("a.yaml", LLAMA_FACTORY.replace("do_train: true", ""), [("no-lora", "do_train")]),
        (
            "a.yaml",
            LLAMA_FACTORY.replace("lora_rank: 4", "lora_rank: ${oc.env:RANK}"),
            [("not-understood", "lora_rank")],
        ),
        (
            "a.yaml",
            LLAMA_FACTORY + "use_llama_pro: true\n",
            [("not-understood", "use_llama_pro")],
        ),
        ("a.sh", "trl sft --model_name_or_path m", [("no-lora", "use_peft")]),
        (
            "a.sh",
            "trl sft --model_name_or_path m --use_peft --lora_target_modules q_proj",
            [("differs", "lora_target_modules")],
        ),
        (
            "a.sh",
            "trl sft --model_name_or_path m --use_peft --lora_r $RANK --config c.yaml",
            [("not-understood", "config"), ("not-understood", "lora_r")],
        ),
        (
            "a.sh",
            "trl sft --model_name_or_path m --use_peft --lora_r x",
            [("rejected", "lora_r")],
        ),
        ("a.sh", SWIFT + " --lora_rnak 8", [("not-understood", "lora_rnak")]),
        (
            "a.yaml",
            "lora_parameters: {rank: 8, alpha: 16, dropout: 0}\n",
            [("rejected", "lora_parameters")],
        ),
        ("a.yaml", "fine_tune_type: full\niters: 8\n", [("no-lora", "fine_tune_type")]),
        (
            "a.yaml",
            "lora_parameters: {rank: 4, scale: '2.0', dropout: 0}\n",
            [("rejected", "lora_parameters")],
        ),
        (
            "a.yaml",
            AXOLOTL.replace("adapter: lora", "adapter: qlora"),
            [("rejected", "adapter")],
        ),
        (
            "a.yaml",
            AXOLOTL.replace("adapter: lora", "adapter: qlora\nload_in_8bit: true"),
            [("rejected", "load_in_8bit")],
        ),
        ("a.yaml", AXOLOTL.replace("adapter: lora", "adapter: qlora\nload_in_4bit: true"), []),
        (
            "a.yaml",
            LLAMA_FACTORY + "resize_vocab: true\nquantization_bit: 4\n",
            [("rejected", "resize_vocab")],
        ),
    ],
)
def test_what_cannot_be_read_or_differs_is_noted(
    name: str, text: str, notes: list[tuple[str, str]]
) -> None:
    file = read(text.replace("\n --", " --"), name)
    assert notes_of(file) == notes
    for note in file.notes:
        assert note.message.startswith(f"`{note.option}`")
        assert note.place.file == name
    assert (file.config == {}) == (not file.trains_lora)


@pytest.mark.parametrize("target", ["all-linear", "'.*_proj'"])
def test_one_target_of_trl_that_is_no_name_is_as_meant(target: str) -> None:
    words = f"trl sft --model_name_or_path m --use_peft --lora_target_modules {target}"
    file = read(words, "a.sh")
    assert file.config["target_modules"] == target.strip("'")
    assert file.notes == ()


def test_experts_of_mlx_are_not_guessed() -> None:
    file = read("fine_tune_type: lora\nnum_layers: -1\n").resolve(tree_of("qwen3_moe"))
    assert notes_of(file) == [("not-understood", "num_layers")]
    assert file.unresolved == ("target_modules",)


def test_a_misspelt_option_of_trl_leaves_it_a_file_of_trl() -> None:
    file = read("model_name_or_path: m\nuse_peft: true\nlora_rank: 4\n")
    assert file.trainer == "TRL"
    assert notes_of(file) == [("not-understood", "lora_rank")]


def test_true_is_one_layer_for_mlx() -> None:
    file = read("fine_tune_type: lora\nnum_layers: true\n").resolve(tree_of("llama"))
    assert file.notes == ()
    assert len(str(file.config["target_modules"]).split(",")) == 7


def test_more_layers_than_the_base_has_are_rejected() -> None:
    file = read("fine_tune_type: lora\n").resolve(tree_of("llama"))  # the default is 16
    assert notes_of(file) == [("rejected", "num_layers")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "a: 1\n"),
        ("a.yaml", "- a\n"),
        ("a.yaml", ""),
        ("a.json", "{"),
        ("a.json", '{"r": 8, "peft_type": "LORA"}'),
        ("a.json", "[]"),
        ("a.sh", "echo hello\nls --all\n"),
        ("a.sh", "axolotl preprocess c.yaml\n"),
        ("a.sh", "axolotl train --debug\n"),
        ("a.sh", "echo swift sft begins\n"),
        ("a.txt", "some words"),
        ("a.txt", ": : :"),
        ("mergekit.yaml", "base_model: a/b\nmerge_method: ties\nmodels: []\n"),
        ("accelerate.yaml", "compute_environment: LOCAL_MACHINE\nnum_machines: 1\n"),
    ],
)
def test_other_files_are_none(name: str, text: str) -> None:
    assert read_trainer_file(name, text) is None


def test_yaml_that_cannot_be_parsed_is_an_error() -> None:
    with pytest.raises(LoracfgError, match="not valid YAML"):
        read_trainer_file("a.yaml", "a: [")
