"""Every tensor that does not fit is an even slice of the expected size.

The file only has the slices of one process of a sharded run. Loading fails with a size mismatch.

Fires:

    reshape lora_A -> [2, 16]
    reshape q_proj.lora_B -> [12, 4]
    reshape v_proj.lora_B -> [6, 4]

Passes:

    made with {"r": 2}

Repair: gather the slices of all processes and save the adapter again.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.other_sizes import Shapes, slices
from loracfg.analysis.phrases import shaped, with_verb
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report all tensors at once if one divisor explains them."""
    count = slices(subject)
    if count is None:
        return
    wrong = subject.mismatched
    name = next(iter(wrong))
    yield Finding(
        f"{with_verb(len(wrong), 'tensor', 'hold')} only one of `{count}` slices: this one is "
        f"{shaped(subject.shape(name))} of {shaped(wrong[name].shape)}",
        subject.tensor(name),
        "gather the slices of all processes and save the adapter again",
        count=len(wrong),
        data=Shapes(tuple((n, subject.shape(n), e.shape) for n, e in wrong.items())),
        explains=frozenset(wrong),
    )


RULE = Rule("LC607", "sharded-slice", "error", GatedCheck([DIFFERENCE], check), __name__)
