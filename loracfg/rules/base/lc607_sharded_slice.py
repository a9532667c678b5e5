"""Every tensor that does not fit is an even part of the size that is expected.

The file holds the piece of one process of a sharded run, not the whole. Loading stops with a size
mismatch.

Fires:

    reshape lora_A -> [2, 16]
    reshape q_proj.lora_B -> [12, 4]
    reshape v_proj.lora_B -> [6, 4]

Passes:

    made with {"r": 2}

Repair: save the adapter again with the parts of all processes gathered.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.header.tensor import Shape
from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import plural, shaped
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report all tensors at once if one divisor explains them."""
    count = slices(subject)
    if count is None:
        return
    wrong = subject.mismatched
    name = next(iter(wrong))
    yield Finding(
        f"all {plural(len(wrong), 'tensor')} are one of `{count}` slices: this one is "
        f"{shaped(subject.shape(name))} of {shaped(wrong[name].shape)}",
        subject.tensor(name),
        "save the adapter again with the parts of all processes gathered",
        count=len(wrong),
        explains=frozenset(wrong),
    )


def slices(subject: Subject) -> int | None:
    """Return the number by which every tensor's first dimension is too small, if it is one."""
    wrong = subject.mismatched
    if subject.plan is None or len(wrong) < 2 or len(wrong) < len(subject.plan.shapes):
        return None
    parts = {_parts(subject.shape(name), expected.shape) for name, expected in wrong.items()}
    return None if len(parts) > 1 else parts.pop()


def _parts(found: Shape, expected: Shape) -> int | None:
    if len(found) != len(expected) or found[1:] != expected[1:] or not found[0]:
        return None
    parts, rest = divmod(expected[0], found[0])
    return None if rest else parts


RULE = Rule("LC607", "sharded-slice", "error", Noted([DIFFERENCE], check), __name__)
