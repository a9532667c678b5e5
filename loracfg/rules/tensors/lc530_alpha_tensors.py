"""The file has an alpha next to the factors of layers, which PEFT does not read.

kohya's scripts store alpha like this, and conversions may leave it in. PEFT ignores the tensors and
scales by `lora_alpha` and `alpha_pattern`. With `--data`, LC437 compares them.

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.alpha F32 []

Passes:

    tensor base_model.model.model.norm.alpha F32 []

Repair: make sure that the config has the same alpha, then remove the tensors.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.alpha_tensors import alphas_of_layers
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.audience import advice_for_all
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for alphas that are not parameters of the base."""
    alphas, plan = [name for name, _ in alphas_of_layers(subject)], subject.plan
    found = [name for name in alphas if plan is None or plan.base_shape(name) is None]
    if found:
        yield Finding(
            f"{with_verb(len(found), 'tensor', 'have')} the alpha of a layer, which PEFT only "
            "reads from the config",
            subject.tensor(found[0]),
            advice_for_all(
                "compare them with `lora_alpha` by passing `--data`, then remove them",
                "compare them with `lora_alpha`, then remove them",
            ),
            count=len(found),
            data=Tensors(tuple(found)),
            explains=frozenset(found),
        )


RULE = Rule("LC530", "alpha-tensors", "info", GatedCheck([UNLIKE_PLAN], check), __name__)
