"""An option in a trainer's file may change the adapter in a way that loracfg does not know.

The value depends on the shell, the option is not one of the trainer's, or another program makes
the adapter. Nothing is guessed: what depends on the option is not planned, and the answer is
`undetermined`.

Fires:

    trainer {"base_model": "example/llama", "adapter": "lora", "lora_r": 8, "lora_alpha": 8}
    trainer {"lora_target_modules": ["q_proj"], "lora_model_dir": "out"}

Passes:

    trainer {"base_model": "example/llama", "adapter": "lora", "lora_r": 8, "lora_alpha": 8}
    trainer {"lora_target_modules": ["q_proj"]}

Repair: write the value itself into the file, or plan the config that the trainer builds.
"""

from __future__ import annotations

from loracfg.analysis.trainer_options import NOT_UNDERSTOOD
from loracfg.report.evidence import OptionOfTrainer
from loracfg.rules.kinds.trainer_options import about_options
from loracfg.rules.rule import Rule


def _message(option: OptionOfTrainer) -> str:
    return f"{option.words} is not understood, so the adapter may differ: {option.problem}"


def _advice(option: OptionOfTrainer) -> str:
    if option.nearest:
        return f"write `{option.nearest[0]}`"
    return f"check how {option.trainer} handles it"


RULE = Rule(
    "LC132",
    "option-not-understood",
    "info",
    about_options(NOT_UNDERSTOOD, _message, _advice),
    __name__,
)
