"""A trainer's file trains no LoRA adapter.

`loracfg plan` reads the configs of training tools as the tools read them. With this one, the tool
trains the whole base or another kind of adapter, although options of LoRA may be set.

Fires:

    trainer {"base_model": "example/llama", "adapter": "ia3", "lora_r": 8}

Passes:

    trainer {"base_model": "example/llama", "adapter": "lora", "lora_r": 8, "lora_alpha": 8}
    trainer {"lora_target_modules": ["q_proj"]}

Repair: set the option with which the trainer trains LoRA, which [its table](../trainers.md) has.
"""

from __future__ import annotations

from loracfg.analysis.trainer_options import NO_LORA
from loracfg.report.evidence import OptionOfTrainer
from loracfg.rules.kinds.trainer_options import about_options
from loracfg.rules.rule import Rule


def _message(option: OptionOfTrainer) -> str:
    who = f"{option.trainer} {option.release}"
    return f"{who} trains no LoRA adapter because of {option.words}: {option.problem}"


def _advice(option: OptionOfTrainer) -> str:
    return f"set `{option.option}` to what makes {option.trainer} train LoRA"


RULE = Rule(
    "LC130", "no-lora-trained", "error", about_options(NO_LORA, _message, _advice), __name__
)
