"""The factors have the fused layout that PEFT 0.1 and 0.2 wrote.

Those releases adapted a fused projection (GPT-2's `c_attn`, BLOOM's `query_key_value`) with grouped
convolutions: A has the ranks of all enabled parts, and B is 3-D. Releases since 0.3.0 do not
load these factors, because the shapes do not match.

Fires:

    reshape lora_A -> [8, 16]
    reshape lora_B -> [16, 4, 1]

Passes:

    made with {"r": 8}

Repair: load the adapter with PEFT 0.2.0, merge it into the base, and train or extract a new one.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.factor_pairs import FactorPair, pairs_where
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.phrases import shaped, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find pairs with a matrix A and a 3-D B."""
    fused = pairs_where(_is_fused, subject)
    if not fused:
        return
    names = [name for pair in fused for name in pair.names]
    yield Finding(
        f"{with_verb(len(fused), 'layer', 'have')} the fused layout of PEFT 0.1 and 0.2: B is "
        f"{shaped(fused[0].b_shape)}",
        subject.tensor(fused[0].b),
        "load the adapter with PEFT 0.2.0 and merge it",
        count=len(names),
        data=Tensors(tuple(names)),
        explains=frozenset(names),
    )


def _is_fused(pair: FactorPair, _: Subject) -> bool:
    if pair.is_convolution or pair.b_shape[2:] != (1,):
        return False
    return not pair.rank % pair.b_shape[1]


RULE = Rule("LC509", "merged-linear", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
