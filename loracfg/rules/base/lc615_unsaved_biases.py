"""The config trains biases of the base, but the file has none.

With `bias` `"lora_only"`, PEFT 0.10.0 to 0.20.0 looked for biases under the wrong name and saved
none. Other tools leave them out too. The model then uses the biases of the base instead of the
trained ones. PEFT 0.7.0 to 0.9.0 saved none either, but also trained none, so nothing is lost.

Fires:

    made with {"bias": "lora_only"}
    base {"biases": true}

Passes:

    made with {"bias": "none"}

Passes:

    made with {"bias": "all"}
    base {"biases": true}
    tensor base_model.model.model.layers.0.self_attn.q_proj.base_layer.bias F32 [24]

Repair: if the biases matter, train again with PEFT 0.21 or newer. Otherwise set `bias` to
`"none"`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.subject import Subject
from loracfg.planning.layer_tensors import Role
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find planned biases of the base if the file has none of them."""
    plan = subject.plan
    if plan is None:
        return
    biases = [name for name, e in plan.tensors.items() if e.role is Role.BASE_BIAS]
    missing = [name for name in biases if name in subject.missing]
    if not missing or len(missing) < len(biases):
        return
    yield Finding(
        f'`bias` is `"{plan.config.bias}"`, but the file has `0` of `{len(missing)}` trained '
        "biases",
        subject.value("/bias"),
        'set `bias` to `"none"` if the biases do not matter; otherwise train again with PEFT 0.21+',
        count=len(missing),
        data=Tensors(tuple(missing)),
        explains=frozenset(missing),
    )


RULE = Rule("LC615", "unsaved-biases", "warning", GatedCheck([DIFFERENCE], check), __name__)
