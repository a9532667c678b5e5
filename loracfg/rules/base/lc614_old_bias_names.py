"""Biases have the names that PEFT up to 0.6.2 gave them.

Those releases saved the bias of a target as `X.bias`. PEFT 0.7.0+ expects `X.base_layer.bias` and
silently ignores the old names, so the trained biases are lost.

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.bias F32 [24]

Passes:

    made with {"bias": "all"}

Repair: rename the tensors to `X.base_layer.bias`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Renames
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find biases of adapted modules without `base_layer` in their names."""
    plan = subject.plan
    if plan is None:
        return
    adapted = {module.path for module in plan.modules}
    old = [
        name
        for name, taken in subject.unexpected.items()
        if taken.rest == "bias" and taken.path in adapted
    ]
    if not old:
        return
    new = [name.removesuffix("bias") + "base_layer.bias" for name in old]
    yield Finding(
        f"{with_verb(len(old), 'tensor', 'are')} named like biases in PEFT up to 0.6.2",
        subject.tensor(old[0]),
        f"rename the tensors, this one to `{new[0]}`",
        count=len(old),
        data=Renames(tuple(zip(old, new, strict=True))),
        explains=frozenset((*old, *new)),
    )


RULE = Rule("LC614", "old-bias-names", "error", GatedCheck([DIFFERENCE], check), __name__)
