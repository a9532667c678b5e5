"""`peft_type` names another method, but all tensors are LoRA tensors.

PEFT builds layers for the method in the config. What happens then depends on the method: IA³ and
AdaLoRA raise because settings are missing. LoHa and LoKr find none of their tensors, and PEFT
serves the base model (0.21.2).

Fires:

    config {"peft_type": "ADALORA"}

Fires:

    config {"peft_type": "LOHA"}

Passes:

    config {"peft_type": "LOHA"}
    rename lora_[AB].weight -> hada_w1_a

Repair: write `"peft_type": "LORA"`, or use the config that belongs to these weights.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.document.display import show
from loracfg.report.evidence import FieldValue
from loracfg.report.report import LORA
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the method in the config with the tensors."""
    if subject.adapter.method != LORA:
        return
    for fault in subject.faults_of("other-method"):
        assert isinstance(fault.data, FieldValue)  # the method in the config
        yield Finding(
            f"`peft_type` is {show(fault.data.given)}, but the tensors are LoRA factors",
            fault.location,
            'write `"LORA"`, or use the config that belongs to these weights',
            count=len(subject.adapter.shapes),
            explains=frozenset(subject.adapter.shapes),
            data=fault.data._replace(intended=LORA),
        )


RULE = Rule("LC025", "mislabelled-method", "error", GatedCheck(["other-method"], check), __name__)
