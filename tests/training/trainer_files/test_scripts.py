"""What is read of a script, and of the files that it names."""

from __future__ import annotations

import re

import pytest

from loracfg.errors import LoracfgError
from loracfg.training.trainer_files import read_trainer_file
from loracfg.training.trainer_files.trainer_file import TrainerFile
from tests.training.trainer_files.bases import tree_of


def read(text: str, name: str = "a.sh") -> TrainerFile:
    found = read_trainer_file(name, text)
    assert found is not None
    return found


def test_what_the_file_of_config_may_set_is_not_guessed() -> None:
    file = read("mlx_lm.lora --model m --train --num-layers 4 --config c.yaml")
    resolved = file.resolve(tree_of("llama"))
    assert (resolved.config, [note.kind for note in resolved.notes]) == ({}, ["not-understood"])
    assert set(file.unknown()) == {"r", "lora_alpha", "lora_dropout", "target_modules", "use_dora"}
    named = read("mlx_lm.lora --model m --fine-tune-type dora -c c.yaml")
    assert named.config["use_dora"] is True
    words = "trl sft --model_name_or_path m --use_peft --lora_r 8 --use_dora true --config c.yaml"
    file = read(words)
    assert (file.config["r"], file.config["use_dora"]) == (8, True)
    assert {"lora_alpha", "target_modules"} <= set(file.unknown())


def test_a_key_named_config_means_nothing_in_a_file_of_mlx() -> None:
    keys = "lora_parameters: {rank: 8, scale: 2.0, dropout: 0}\nconfig: c.yaml\n"
    file = read(keys, "a.yaml")
    assert (file.config["r"], file.notes) == (8, ())


@pytest.mark.parametrize(
    ("text", "trainer", "named"),
    [
        ("llamafactory-cli train lf.yaml", "LLaMA-Factory", "lf.yaml"),
        ("llamafactory-cli train lf.json lora_rank=4", "LLaMA-Factory", "lf.json"),
        ("swift sft c.YAML --lora_rank 4 --tuner_type lora", "ms-swift", "c.YAML"),
        ("axolotl train c.yml --lora-r 8", "axolotl", "c.yml"),
        ("axolotl train --learning-rate $RATE c.yaml", "axolotl", "c.yaml"),
        ("accelerate launch --config_file a.yaml -m axolotl.cli.train c.yaml", "axolotl", "c.yaml"),
    ],
)
def test_a_script_that_names_the_file_to_read_says_so(text: str, trainer: str, named: str) -> None:
    says = (
        f"`a.sh` starts {trainer} with the options of `{named}`, which is not read; pass `{named}`"
    )
    with pytest.raises(LoracfgError, match=f"^{re.escape(says)}$"):
        read(text)


@pytest.mark.parametrize("command", ["swift sft", "trl sft", "axolotl train", "mlx_lm.lora"])
def test_options_in_a_variable_are_not_read(command: str) -> None:
    with pytest.raises(LoracfgError, match=r"the options of `.COMMON`, which is not read"):
        read(f"{command} $COMMON --lora_rank 8")


def test_a_script_of_any_size_is_bounded() -> None:
    with pytest.raises(LoracfgError, match="more than the limit"):
        read_trainer_file("a.sh", "x " * 200_000)


@pytest.mark.parametrize(
    "text", ["'" * 100_000, '"' * 100_001, "\\" * 100_001, "swift sft --a '" * 9]
)
def test_quotes_without_end_are_harmless(text: str) -> None:
    read_trainer_file("a.sh", text)
