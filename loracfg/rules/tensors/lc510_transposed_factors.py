"""Factors are transposed, or A and B are swapped.

In PEFT, A is `(rank, in)` and B is `(out, rank)`. mlx and some exporters transpose both; others
swap their names. Loading fails with a size mismatch, unless the sizes happen to be equal: then the
update is silently wrong.

The two cases look the same in a layer with as many inputs as outputs. One layer of the base with
different sizes is enough to tell them apart.

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

Repair: transpose every A and B, or swap their names.
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
from loracfg.analysis.phrases import shaped, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.audience import advice_for_all
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find pairs that have the configured rank only if both are transposed or swapped."""
    layers = pairs_where(is_transposed, subject)
    wrong = layers + transposed_stacks(subject, layers)
    if not wrong:
        return
    first = wrong[0]
    names = [name for pair in wrong for name in (pair.a, pair.b)]
    factors, advice = _problem(wrong, subject)
    yield Finding(
        f"{with_verb(len(wrong), 'layer', 'have')} {factors}: A is {shaped(first.a_shape)} "
        f"and B is {shaped(first.b_shape)}, but PEFT expects `(rank, in)` and `(out, rank)`",
        subject.tensor(first.a),
        advice,
        count=len(names),
        explains=frozenset(names),
        data=reversed_factors(layers, subject),
    )


def _problem(wrong: list[FactorPair], subject: Subject) -> tuple[str, str]:
    """Return what is wrong with the factors, and what to do."""
    match orientation(wrong, subject):
        case "transposed":
            return "transposed factors", "transpose every A and B"
        case "swapped":
            advice = "swap the names of A and B: `lora_A` is `lora_B`, and the other way around"
            return "swapped factors", advice
    advice = "save the adapter again with `model.save_pretrained`"
    if subject.plan is None:
        advice = advice_for_all(
            "pass the base with `--base`; its sizes may show which it is",
            "choose the base too; its sizes may show which it is",
        )
    return "transposed or swapped factors", advice


RULE = Rule("LC510", "transposed-factors", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
