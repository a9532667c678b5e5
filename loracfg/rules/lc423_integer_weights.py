"""Tensors of the adapter hold whole numbers.

They were quantised and lost their scales, or packed. PEFT copies the numbers as they are into
floating-point factors, without a word.

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight I8 [4, 16]

Passes:

    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight BF16 [4, 16]

Repair: save the adapter in `F32`, `F16` or `BF16`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import subject_of

_WHOLE: Final = frozenset({"BOOL", "I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64"})


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the dtypes of tensors that belong to adapter layers."""
    if _WHOLE.isdisjoint(subject.adapter.dtypes_used):
        return
    dtypes = subject.adapter.dtypes
    whole = [
        name
        for name, taken in subject.open_names.items()
        if taken.is_adapter and dtypes[name] in _WHOLE
    ]
    if not whole:
        return
    yield Finding(
        f"{subject_of(len(whole), 'tensor', 'hold')} whole numbers, this one `{dtypes[whole[0]]}`",
        subject.tensor(whole[0]),
        "save the adapter in `F32`, `F16` or `BF16`",
        count=len(whole),
    )


RULE = Rule("LC423", "integer-weights", "warning", check, __name__)
