"""Factors are transposed, or A and B have each other's place.

PEFT keeps A as `(rank, in)` and B as `(out, rank)`. mlx and some exporters keep them the other way
round; others name A what is B. Loading stops with a size mismatch, except where the sizes happen to
be equal: then the update is wrong without a word.

Both look alike in a layer with as many inputs as outputs. One layer of the base with other sizes
tells them apart.

Fires:

    reshape lora_A -> [16, 4]
    reshape q_proj.lora_B -> [4, 24]
    reshape v_proj.lora_B -> [4, 12]

Fires:

    rename lora_A -> lora_C
    rename lora_B -> lora_A
    rename lora_C -> lora_B

Passes:

    made with {"r": 16}

Repair: transpose every A and B, or exchange their names.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.factor_pairs import (
    FactorPair,
    is_transposed,
    orientation,
    pairs_where,
    reversed_factors,
    transposed_stacks,
)
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.phrases import shaped, subject_of
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find pairs that have the configured rank only when both are turned or exchanged."""
    layers = pairs_where(is_transposed, subject)
    wrong = layers + transposed_stacks(subject, layers)
    if not wrong:
        return
    first = wrong[0]
    names = [name for pair in wrong for name in (pair.a, pair.b)]
    word, advice = _reading(wrong, subject)
    yield Finding(
        f"{subject_of(len(wrong), 'layer', 'have')} {word}: A is {shaped(first.a_shape)} and B "
        f"{shaped(first.b_shape)}, where PEFT has `(rank, in)` and `(out, rank)`",
        subject.tensor(first.a),
        advice,
        count=len(names),
        explains=frozenset(names),
        data=reversed_factors(layers, subject),
    )


def _reading(wrong: list[FactorPair], subject: Subject) -> tuple[str, str]:
    """Return what is wrong with the factors, and what to do."""
    match orientation(wrong, subject):
        case "turned":
            return "transposed factors", "transpose every A and B"
        case "swapped":
            advice = "exchange the names of A and B: `lora_A` is `lora_B`, and the other way round"
            return "exchanged factors", advice
    give = "save the adapter again with `model.save_pretrained`"
    if subject.plan is None:
        give = "give the base, whose sizes may tell which it is"
    return "transposed or exchanged factors", give


RULE = Rule("LC510", "transposed-factors", "error", Noted([UNLIKE_PLAN], check), __name__)
