"""The file holds an alpha beside the factors of layers, which PEFT does not read.

kohya's scripts keep alpha so, and conversions may leave it in. PEFT ignores the tensors and scales
by `lora_alpha` and `alpha_pattern`; LC437 compares both with `--data`.

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.alpha F32 []

Passes:

    tensor base_model.model.model.norm.alpha F32 []

Repair: see to it that the config gives the same alpha, and remove the tensors.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.alpha_tensors import alphas_of_layers
from loracfg.analysis.phrases import subject_of
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for alphas that are not parameters of the base."""
    alphas, plan = [name for name, _ in alphas_of_layers(subject)], subject.plan
    found = [name for name in alphas if plan is None or plan.base_shape(name) is None]
    if found:
        yield Finding(
            f"{subject_of(len(found), 'tensor', 'hold')} the alpha of a layer, which PEFT takes "
            "from the config",
            subject.tensor(found[0]),
            "compare them with `lora_alpha` by `--data`, and remove them",
            count=len(found),
            data=Tensors(tuple(found)),
            explains=frozenset(found),
        )


RULE = Rule("LC530", "alpha-tensors", "info", check, __name__)
