"""Factors have fewer than two dimensions.

DeepSpeed ZeRO-3 and FSDP keep parameters as flat pieces, one per process. A save that does not
gather them first writes a piece; loading stops with a size mismatch.

Fires:

    reshape q_proj.lora_A -> [64]

Passes:

    made with {"lora_bias": true}

Repair: save the adapter again with its parameters gathered: a full state dict in FSDP,
`stage3_gather_16bit_weights_on_model_save` in ZeRO-3.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import FACTORS
from loracfg.analysis.phrases import shaped, subject_of
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find factors that are vectors or scalars."""
    if all(len(shape) > 1 for shape in subject.adapter.forms):
        return
    flat = [
        name
        for name, taken in subject.open_names.items()
        if taken.part in FACTORS and len(subject.shape(name)) < 2
    ]
    if not flat:
        return
    yield Finding(
        f"{subject_of(len(flat), 'factor', 'have')} the shape of a flat piece, such as "
        f"{shaped(subject.shape(flat[0]))}, where a matrix is expected",
        subject.tensor(flat[0]),
        "save the adapter again with its sharded parameters gathered",
        count=len(flat),
        data=Tensors(tuple(flat)),
        explains=frozenset(flat),
    )


RULE = Rule("LC508", "flattened-factor", "error", check, __name__)
