"""The adapter uses a PEFT method other than LoRA.

PEFT may well load it. loracfg only knows the fields and tensors of LoRA, so it does not check this
adapter, and the answer is `undetermined`.

Fires:

    config {"peft_type": "IA3"}
    rename lora_[AB].weight -> ia3_l

Passes:

    config {"peft_type": "LORA"}

Repair: pass a LoRA adapter, or leave this one out.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.report.report import LORA
from loracfg.rules.rule import Finding, GatedCheck, Rule, from_fault


def check(subject: Subject) -> Iterator[Finding]:
    """Report the method, unless the tensors show that it is LoRA after all."""
    if subject.adapter.method == LORA:
        return
    for fault in subject.faults_of("other-method"):
        yield from_fault(fault, explains=frozenset(subject.adapter.shapes))


RULE = Rule("LC022", "other-method", "warning", GatedCheck(["other-method"], check), __name__)
