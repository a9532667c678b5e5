"""`init_lora_weights` is LoRA-GA, whose changed base PEFT does not restore.

LoRA-GA subtracts its starting factors from the base weights before training. It finds them from
gradients, which are not saved; on loading, PEFT leaves the base as it is, without a word. On
the original base the result is therefore not the one that was trained; it is right on the changed
base only, if that was saved.

Fires:

    made with {"init_lora_weights": "lora_ga"}

Passes:

    made with {"init_lora_weights": "orthogonal"}

Repair: save the trained model with `path_initial_model_for_weight_conversion`, or name the changed
base in `base_model_name_or_path`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import changed
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find the initialisation."""
    config = subject.config
    if config is None or config.init_lora_weights != "lora_ga":
        return
    yield Finding(
        '`init_lora_weights` is `"lora_ga"`, so the adapter fits only the base that LoRA-GA '
        "changed, which PEFT does not restore",
        subject.value("/init_lora_weights"),
        "save it again with `path_initial_model_for_weight_conversion`",
        data=FieldValue("/init_lora_weights", config.init_lora_weights),
    )


RULE = Rule(
    "LC332", "lora-ga-in-file", "warning", Noted([changed("init_lora_weights")], check), __name__
)
