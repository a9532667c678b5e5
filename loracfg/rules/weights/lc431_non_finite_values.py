"""Tensors hold infinite values, or values that are no numbers.

Training diverged, or a value was too large for the dtype that it was saved in. Every output that
such a tensor reaches is no number either. Seen with `--data`.

Fires:

    values lora_B nan

Fires:

    values v_proj.lora_A inf

Passes:

    values . 0.5

Repair: take an earlier checkpoint, or train again with a lower learning rate or in `bfloat16`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from loracfg.analysis.noted import VALUES
from loracfg.analysis.phrases import subject_of
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for tensors with values that are not finite."""
    values = subject.adapter.values
    wrong = [n for n, v in values.tensors.items() if v.not_finite] if values else []
    if not values or not wrong:
        return
    first = wrong[0]
    count, total = values.tensors[first].not_finite, math.prod(subject.shape(first))
    yield Finding(
        f"{subject_of(len(wrong), 'tensor', 'hold')} values that are not finite, this one "
        f"`{count}` of `{total}`",
        subject.tensor(first),
        "take an earlier checkpoint",
        count=len(wrong),
        data=Tensors(tuple(wrong)),
    )


RULE = Rule("LC431", "non-finite-values", "error", Noted([VALUES], check), __name__)
