"""`init_lora_weights` is LoRA-GA, but PEFT does not restore the base that LoRA-GA changed.

LoRA-GA computes its initial factors from gradients and subtracts them from the base weights before
training. The gradients are not saved, so on loading PEFT silently leaves the base unchanged. The
adapter is then wrong on the original base. It is right on the changed base, if that was saved.

Fires:

    made with {"init_lora_weights": "lora_ga"}

Passes:

    made with {"init_lora_weights": "orthogonal"}

Repair: save the trained model with `path_initial_model_for_weight_conversion`, or name the changed
base in `base_model_name_or_path`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import changed
from loracfg.analysis.saved_as_lora import SAVE_AS_LORA, can_be_saved_as_lora
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, GatedCheck, Rule

_NAME_THE_BASE: Final = "save the changed base too, and name it in `base_model_name_or_path`"


def check(subject: Subject) -> Iterator[Finding]:
    """Report the initialisation if it is LoRA-GA."""
    config = subject.config
    if config is None or config.init_lora_weights != "lora_ga":
        return
    yield Finding(
        '`init_lora_weights` is `"lora_ga"`, so the adapter fits only the base that LoRA-GA '
        "changed, which PEFT does not restore",
        subject.value("/init_lora_weights"),
        SAVE_AS_LORA if can_be_saved_as_lora(subject) else _NAME_THE_BASE,
        data=FieldValue("/init_lora_weights", config.init_lora_weights),
    )


RULE = Rule(
    "LC332",
    "lora-ga-in-file",
    "warning",
    GatedCheck([changed("init_lora_weights")], check),
    __name__,
)
