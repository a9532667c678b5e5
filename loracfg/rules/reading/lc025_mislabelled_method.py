"""`peft_type` names another method, but all tensors are those of LoRA.

PEFT builds layers of the method that the config names. What happens then depends on it: IA³ and
AdaLoRA miss settings and raise, LoHa and LoKr find none of their tensors and serve the base model
(0.21.2).

Fires:

    config {"peft_type": "ADALORA"}

Fires:

    config {"peft_type": "LOHA"}

Passes:

    config {"peft_type": "LOHA"}
    rename lora_[AB].weight -> hada_w1_a

Repair: write `"peft_type": "LORA"`, or put the config of these weights here.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.document.display import show
from loracfg.report.evidence import FieldValue
from loracfg.report.report import LORA
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the method that the config names with the tensors."""
    if subject.adapter.method != LORA:
        return
    for fault in subject.faults_of("other-method"):
        assert isinstance(fault.data, FieldValue)  # the method that is named
        yield Finding(
            f"`peft_type` is {show(fault.data.given)}, but the tensors are factors of LoRA layers",
            fault.location,
            'write `"LORA"`, or put the config of these weights here',
            count=len(subject.adapter.shapes),
            explains=frozenset(subject.adapter.shapes),
            data=fault.data._replace(meant=LORA),
        )


RULE = Rule("LC025", "mislabelled-method", "error", Noted(["other-method"], check), __name__)
