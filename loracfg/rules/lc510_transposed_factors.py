"""Factors are transposed: A is `(in, rank)` and B `(rank, out)`.

PEFT keeps A as `(rank, in)` and B as `(out, rank)`. mlx and some exporters keep them the other way
round. Loading stops with a size mismatch, except where the sizes happen to be equal: then the
update is wrong without a word.

Fires:

    reshape lora_A -> [16, 4]
    reshape q_proj.lora_B -> [4, 24]
    reshape v_proj.lora_B -> [4, 12]

Passes:

    made with {"r": 16}

Repair: transpose every A and B.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.rules.factors import factors_that, is_transposed
from loracfg.rules.noted import UNLIKE_PLAN
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import shaped, subject_of


def check(subject: Subject) -> Iterator[Finding]:
    """Find pairs that have the configured rank only when both are turned."""
    turned = factors_that(is_transposed, subject)
    if not turned:
        return
    first = turned[0]
    names = [name for pair in turned for name in (pair.a, pair.b)]
    yield Finding(
        f"{subject_of(len(turned), 'layer', 'have')} transposed factors: A is "
        f"{shaped(first.a_shape)} and B {shaped(first.b_shape)}, where PEFT has `(rank, in)` and "
        "`(out, rank)`",
        subject.tensor(first.a),
        "transpose every A and B",
        count=len(names),
        explains=frozenset(names),
    )


RULE = Rule("LC510", "transposed-factors", "error", Noted([UNLIKE_PLAN], check), __name__)
