"""Tensors have values that are infinite or NaN.

Training diverged, or a value was too large for the dtype that it was saved in. Outputs that depend
on such a tensor are not finite either. Only checked with `--data`.

Fires:

    values lora_B nan

Fires:

    values v_proj.lora_A inf

Passes:

    values . 0.5

Repair: use an earlier checkpoint, or train again with a lower learning rate or in `bfloat16`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from loracfg.analysis.noted import VALUES
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for tensors with values that are not finite."""
    values = subject.adapter.values
    names = [n for n, v in values.tensors.items() if v.not_finite] if values else []
    if not values or not names:
        return
    first = names[0]
    count, total = values.tensors[first].not_finite, math.prod(subject.shape(first))
    yield Finding(
        f"{with_verb(len(names), 'tensor', 'have')} values that are not finite (here "
        f"`{count}` of `{total}`)",
        subject.tensor(first),
        "use an earlier checkpoint",
        count=len(names),
        data=Tensors(tuple(names)),
    )


RULE = Rule("LC431", "non-finite-values", "error", GatedCheck([VALUES], check), __name__)
