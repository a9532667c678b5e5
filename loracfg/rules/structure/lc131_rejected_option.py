"""A trainer rejects an option in its file, so the training does not start.

The option has a value of a wrong type or one that the trainer does not accept together with
others, or it is no option. The reason is that of the trainer's own code.

Fires:

    trainer {"base_model": "example/llama", "adapter": "lora", "lora_r": "many", "lora_alpha": 8}
    trainer {"lora_target_modules": ["q_proj"]}

Passes:

    trainer {"base_model": "example/llama", "adapter": "lora", "lora_r": 8, "lora_alpha": 8}
    trainer {"lora_target_modules": ["q_proj"]}

Repair: correct the option. What it decides is not planned until then.
"""

from __future__ import annotations

from loracfg.analysis.trainer_options import REJECTED
from loracfg.report.evidence import OptionOfTrainer
from loracfg.rules.kinds.trainer_options import about_options
from loracfg.rules.rule import Rule


def _message(option: OptionOfTrainer) -> str:
    return f"{option.trainer} {option.release} rejects {option.words}: {option.problem}"


def _advice(option: OptionOfTrainer) -> str:
    if option.nearest:
        return f"write `{option.nearest[0]}`"
    return f"give a value that {option.trainer} accepts"


RULE = Rule(
    "LC131", "rejected-option", "error", about_options(REJECTED, _message, _advice), __name__
)
