"""A name in a trainer's file matches no module by the rules of the trainer.

mlx-lm compares the keys of `lora_parameters` with whole paths inside a layer, so `q_proj` matches
nothing, but `self_attn.q_proj` does. It trains what the other keys match without an error. Names
that PEFT looks up are reported by LC601 and LC629.

Fires:

    trainer {"model": "example/llama", "fine_tune_type": "lora", "num_layers": 2}
    trainer {"lora_parameters": {"rank": 8, "scale": 2, "dropout": 0, "keys": ["v_proj"]}}

Passes:

    trainer {"model": "example/llama", "fine_tune_type": "lora", "num_layers": 2}
    trainer {"lora_parameters": {"rank": 8, "scale": 2, "dropout": 0, "keys": ["mlp.up_proj"]}}

Repair: write a path that the base has in its layers, or remove the name.
"""

from __future__ import annotations

from loracfg.analysis.trainer_options import UNMATCHED
from loracfg.report.evidence import OptionOfTrainer
from loracfg.rules.kinds.trainer_options import about_options
from loracfg.rules.rule import Rule


def _message(option: OptionOfTrainer) -> str:
    where = f"`{option.name}` in `{option.option}`"
    return f"{where} matches no module of the base: {option.problem}"


def _advice(option: OptionOfTrainer) -> str:
    if not option.nearest:
        return "remove it"
    first, *others = (f"`{name}`" for name in option.nearest)
    also = f" (or {' or '.join(others)})" if others else ""
    return f"write {first}{also}, or remove it"


RULE = Rule(
    "LC134",
    "option-matches-nothing",
    "error",
    about_options(UNMATCHED, _message, _advice),
    __name__,
)
