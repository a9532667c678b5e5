"""Tensors are empty: one of their dimensions is 0.

DeepSpeed ZeRO-3 and FSDP split each parameter across devices and leave an empty tensor in its
place. The parameters were saved without being gathered first. PEFT raises a size mismatch.

Fires:

    reshape lora_B -> [0]

Fires:

    tensor base_model.model.lm_head.weight F32 [0, 16]

Passes:

    made with {"r": 1}

Repair: gather the parameters before saving (`stage3_gather_16bit_weights_on_model_save` for
ZeRO-3, a full state dict for FSDP), or convert the trainer's checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import EMPTY
from loracfg.analysis.phrases import shaped, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find tensors with a dimension of 0."""
    if not any(0 in shape for shape in subject.adapter.forms):
        return
    empty = [name for name, shape in subject.open_shapes.items() if 0 in shape]
    if not empty:
        return
    explained = set(empty)
    for layer in subject.layers.values():
        if not explained.isdisjoint(layer.parts.values()):
            explained.update(layer.parts.values())
    yield Finding(
        f"{with_verb(len(empty), 'tensor', 'are')} empty (here the shape is "
        f"{shaped(subject.shape(empty[0]))})",
        subject.tensor(empty[0]),
        "gather the ZeRO-3 or FSDP parameters before saving",
        count=len(empty),
        data=Tensors(tuple(empty)),
        explains=frozenset(explained),
    )


RULE = Rule("LC421", "empty-tensors", "error", GatedCheck([EMPTY], check), __name__)
