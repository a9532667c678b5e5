"""Factors have fewer than two dimensions.

DeepSpeed ZeRO-3 and FSDP store parameters as flat pieces, one per process. Saving without gathering
them first writes a single piece, and loading fails with a size mismatch.

Fires:

    reshape q_proj.lora_A -> [64]

Passes:

    made with {"lora_bias": true}

Repair: gather the parameters, then save the adapter again: use a full state dict with FSDP, or
`stage3_gather_16bit_weights_on_model_save` with ZeRO-3.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import FACTORS
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.phrases import shaped, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find factors that are vectors or scalars."""
    if all(len(shape) > 1 for shape in subject.adapter.forms):
        return
    flat = [
        name
        for name, parsed in subject.open_names.items()
        if parsed.part in FACTORS and len(subject.shape(name)) < 2
    ]
    if not flat:
        return
    yield Finding(
        f"{with_verb(len(flat), 'factor', 'have')} fewer than two dimensions (here the "
        f"shape is {shaped(subject.shape(flat[0]))})",
        subject.tensor(flat[0]),
        "gather the sharded parameters, then save the adapter again",
        count=len(flat),
        data=Tensors(tuple(flat)),
        explains=frozenset(flat),
    )


RULE = Rule("LC508", "flattened-factor", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
