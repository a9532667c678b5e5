"""Tensors in the file have no counterpart in the adapted base.

Every release of PEFT silently ignores them. If they were trained, the training is lost.

Fires:

    tensor base_model.model.model.layers.0.self_attn.rotary.scale F32 [6]

Passes:

    made with {"modules_to_save": ["lm_head"]}

Repair: name their module in the config, or remove them.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report unexpected tensors that no other rule explains."""
    unexpected = subject.unexpected
    if not unexpected or not subject.certain:
        return
    first = next(iter(unexpected))
    yield Finding(
        f"{with_verb(len(unexpected), 'tensor', 'have')} no counterpart in the adapted base, such "
        f"as `{first}`",
        subject.tensor(first),
        f"name {'their' if len(unexpected) > 1 else 'its'} module in the config, or remove "
        f"{'them' if len(unexpected) > 1 else 'it'}",
        count=len(unexpected),
        explains=frozenset(unexpected),
        data=Tensors(tuple(unexpected)),
    )


RULE = Rule("LC691", "unexpected-tensors", "error", GatedCheck([DIFFERENCE], check), __name__)
