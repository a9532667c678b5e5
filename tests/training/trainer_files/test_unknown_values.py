"""A value that is not known, such as `$RANK`, is neither rejected nor replaced by a default."""

from __future__ import annotations

import pytest

from tests.training.trainer_files.bases import tree_of
from tests.training.trainer_files.test_readers import AXOLOTL, notes_of, read


def test_a_value_that_is_not_known_is_not_replaced_by_a_default() -> None:
    file = read("trl sft --model_name_or_path m --use_peft --lora_r $RANK", "a.sh")
    assert "r" not in file.config
    assert file.unresolved == ("r",)
    assert file.resolve(tree_of("llama")).unresolved == ("r",)


@pytest.mark.parametrize(
    ("name", "text", "option", "unknown"),
    [
        ("a.yaml", AXOLOTL + "adapter: qlora\n", "adapter", ()),
        ("a.sh", "trl sft --model_name_or_path m --use_peft $USE", "use_peft", ()),
        (
            "a.sh",
            "llamafactory-cli train --model_name_or_path m --do_train $DO --lora_target q_proj",
            "do_train",
            (),
        ),
        (
            "a.sh",
            "llamafactory-cli train --model_name_or_path m --do_train --lora_rank $RANK "
            "--lora_target q_proj",
            "lora_rank",
            ("lora_alpha", "r"),
        ),
        ("a.sh", "mlx_lm.lora --num-layers $LAYERS", "num_layers", ("target_modules",)),
        (
            "a.sh",
            "mlx_lm.lora --num-layers 1 --fine-tune-type $TYPE",
            "fine_tune_type",
            ("use_dora",),
        ),
        (
            "a.yaml",
            "num_layers: 1\nlora_parameters: {rank: 8}\nlora_parameters: {rank: 4}\n",
            "lora_parameters",
            ("lora_alpha", "lora_dropout", "r", "target_modules"),
        ),
        (
            "a.yaml",
            "num_layers: 1\nlora_parameters: {rank: 4, scale: 1, dropout: 0, keys: q_proj}\n",
            "lora_parameters.keys",
            ("target_modules",),
        ),
    ],
)
def test_an_option_that_is_not_known_is_neither_rejected_nor_guessed(
    name: str, text: str, option: str, unknown: tuple[str, ...]
) -> None:
    file = read(text, name).resolve(tree_of("llama"))
    assert notes_of(file) == [("not-understood", option)]
    assert tuple(sorted(file.unknown())) == unknown
    assert file.config.keys().isdisjoint(unknown)
