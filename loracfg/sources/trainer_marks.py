"""By which keys and commands the configs of training tools are recognised."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Final

from loracfg.named_tuple import NamedTuple

AXOLOTL: Final = "axolotl"
LLAMA_FACTORY: Final = "LLaMA-Factory"
TRL: Final = "TRL"
MS_SWIFT: Final = "ms-swift"
MLX_LM: Final = "mlx-lm"

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".sh"})
"""The suffixes of files that may be configs of training tools."""
MAX_BYTES: Final = 256 * 1024
"""How much of a file is searched for marks."""

_KEY: Final = re.compile(r'^"?([A-Za-z_]\w*)"?[ \t]*:|"(\w+)"\s*:', re.MULTILINE)
_OPTION: Final = re.compile(r"(?<!\S)--([A-Za-z][\w-]*)")


class Marks(NamedTuple):
    """Keys of a trainer's config.

    A file is one if it has all of `required` and any of `typical`.
    """

    trainer: str
    required: frozenset[str]
    typical: frozenset[str]

    def match(self, keys: Set[str]) -> bool:
        """Return whether keys are those of a config of this trainer."""
        return self.required <= keys and not self.typical.isdisjoint(keys)


def _marks(trainer: str, required: str, typical: str) -> Marks:
    return Marks(trainer, frozenset(required.split()), frozenset(typical.split()))


MARKS: Final = (
    _marks(
        AXOLOTL,
        "base_model",
        "adapter lora_r lora_target_linear lora_target_modules sequence_len micro_batch_size "
        "val_set_size dataset_prepared_path",
    ),
    _marks(TRL, "model_name_or_path use_peft", "use_peft"),
    _marks(
        LLAMA_FACTORY,
        "model_name_or_path",
        "finetuning_type lora_rank lora_target stage template cutoff_len dataset_dir",
    ),
    _marks(LLAMA_FACTORY, "model peft_config", "model_class train_dataset template"),
    _marks(
        TRL,
        "model_name_or_path",
        "use_peft lora_r lora_alpha lora_target_modules lora_task_type lora_modules_to_save",
    ),
    _marks(MLX_LM, "", "fine_tune_type lora_parameters lora_layers steps_per_report"),
    _marks(
        MS_SWIFT,
        "model",
        "tuner_type train_type sft_type lora_rank target_modules target_regex freeze_vit "
        "split_dataset_ratio tuner_backend rlhf_type",
    ),
)
"""The marks of each trainer, the more particular first."""


def trainer_of_keys(keys: Set[str]) -> str | None:
    """Return the trainer whose config has these keys at its top level, or None."""
    return next((marks.trainer for marks in MARKS if marks.match(keys)), None)


def trainer_of_text(text: str) -> str | None:
    """Return the trainer that a YAML, JSON or shell text seems to be for, without parsing it."""
    head = text[:MAX_BYTES]
    found = trainer_of_keys({key[0] or key[1] for key in _KEY.findall(head)})
    return found or trainer_of_keys({name.replace("-", "_") for name in _OPTION.findall(head)})
