"""The adapter has tensors for single experts, but the base stores all experts in one parameter.

Transformers 5 stacks the experts that transformers 4 kept as separate layers. PEFT 0.19+ converts
the adapter when it loads it. Other readers, and older releases of PEFT with transformers 5, do not
know the names and ignore the tensors.

Fires:

    base {"experts": 1, "layers": 1}
    drop .
    config {"target_modules": ["down_proj"]}
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_A.weight F32 [4, 20]
    tensor base_model.model.model.layers.0.mlp.experts.0.down_proj.lora_B.weight F32 [16, 4]

Passes:

    made with {"target_modules": ["gate_proj", "up_proj"]}

Repair: if other tools need to read the adapter, load it with PEFT 0.19 or newer on transformers 5
and save it again.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import EXPERTS
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report that the base was read with separate experts, as in transformers 4."""
    if not subject.planning.unstacked:
        return
    names = [name for name in subject.adapter.shapes if ".experts." in name]
    yield Finding(
        f"{with_verb(len(names), 'tensor', 'are')} for single experts, but the base stores "
        "all experts in one parameter; PEFT 0.19+ converts them",
        subject.tensor(names[0]),
        "load the adapter with PEFT 0.19+ and save it again if other tools need to read it",
        count=len(names),
        data=Tensors(tuple(names)),
    )


RULE = Rule("LC620", "unstacked-experts", "info", GatedCheck([EXPERTS], check), __name__)
