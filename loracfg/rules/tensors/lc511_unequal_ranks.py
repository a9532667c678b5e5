"""A and B of a layer have different ranks, so they cannot be multiplied.

Fires:

    reshape q_proj.lora_B -> [24, 2]

Passes:

    made with {"r": 6}

Repair: save the adapter again; the factors come from different adapters, or one was cut off.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.factor_pairs import FactorPair, pairs_where
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.other_sizes import slices
from loracfg.analysis.phrases import shaped, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find pairs whose inner dimensions differ."""
    if subject.config is None or slices(subject):  # in a slice, every tensor was cut
        return
    unequal = pairs_where(_has_unequal_ranks, subject)
    if not unequal:
        return
    first = unequal[0]
    names = [name for pair in unequal for name in (pair.a, pair.b)]
    yield Finding(
        f"{with_verb(len(unequal), 'layer', 'have')} factors with different ranks: A is "
        f"{shaped(first.a_shape)} and B is {shaped(first.b_shape)}",
        subject.tensor(first.a),
        "save the adapter again",
        count=len(names),
        data=Tensors(tuple(names)),
        explains=frozenset(names),
    )


def _has_unequal_ranks(pair: FactorPair, subject: Subject) -> bool:
    if pair.is_convolution:  # B of a grouped convolution has the rank of one group
        return not pair.b_shape[1] or pair.a_shape[0] % pair.b_shape[1] != 0
    assert subject.config is not None  # otherwise nothing is compared
    bdlora = subject.config.use_bdlora
    if bdlora and pair.a_shape[0] == pair.b_shape[1] * bdlora.nblocks:
        return False
    return not pair.agree


RULE = Rule("LC511", "unequal-ranks", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
