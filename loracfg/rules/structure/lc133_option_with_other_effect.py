"""An option in a trainer's file does not do what its name says.

The trainer accepts the option and builds a different adapter from what the option, or the field of
PEFT with the same name, seems to say. The training runs without an error. A misspelt option is one
that axolotl drops.

Fires:

    trainer {"base_model": "example/llama", "adapter": "lora", "lora_r": 8, "lora_alpha": 8}
    trainer {"lora_target_modules": ["q_proj"]}
    trainer {"lora_exclude_modules": ["layers.0.self_attn.q_proj"]}

Passes:

    trainer {"base_model": "example/llama", "adapter": "lora", "lora_r": 8, "lora_alpha": 8}
    trainer {"lora_target_modules": ["q_proj"]}

Repair: say what you mean with another option; [the table](../trainers.md) of the trainer has them.
"""

from __future__ import annotations

from loracfg.analysis.trainer_options import DIFFERS
from loracfg.report.evidence import OptionOfTrainer
from loracfg.rules.kinds.trainer_options import about_options
from loracfg.rules.rule import Rule


def _message(option: OptionOfTrainer) -> str:
    who = f"{option.trainer} {option.release}"
    return f"{option.words} does not do in {who} what its name says: {option.problem}"


def _advice(option: OptionOfTrainer) -> str:
    if option.nearest:
        return f"write `{option.nearest[0]}`"
    return "write what you mean in another way, or leave it out"


RULE = Rule(
    "LC133",
    "option-with-other-effect",
    "warning",
    about_options(DIFFERS, _message, _advice),
    __name__,
)
