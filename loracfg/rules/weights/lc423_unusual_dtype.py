"""Tensors of the adapter have a dtype that no weights are trained in.

Integers are quantized values that lost their scales, or packed values. `F8_E8M0` only has powers of
two and is for the scales of quantized weights. PEFT silently copies the numbers as they are into
floating-point factors. From complex numbers, it only keeps the real parts.

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight I8 [4, 16]

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight C64 [4, 16]

Fires:

    made with {"modules_to_save": ["lm_head"]}
    tensor base_model.model.lm_head.weight BOOL [32, 16]

Passes:

    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight BF16 [4, 16]

Passes:

    made with {"modules_to_save": ["lm_head"]}
    tensor base_model.model.lm_head.weight I8 [32, 16]

Repair: save the adapter in `F32`, `F16` or `BF16`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import DTYPES
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule

_COMPLEX: Final = frozenset({"C64", "complex32", "complex128"})
_INTEGER: Final = frozenset({"I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64"})
_NEVER_TRAINED: Final = _COMPLEX | {"BOOL", "F8_E8M0"}
"""Dtypes that no parameter has, not even one of the base."""


def check(subject: Subject) -> Iterator[Finding]:
    """Group the tensors that PEFT loads by the kind of their values."""
    if (_INTEGER | _NEVER_TRAINED).isdisjoint(subject.adapter.dtypes_used):
        return
    dtypes = subject.adapter.dtypes
    planned = subject.plan.shapes if subject.plan else {}
    groups: dict[str, list[str]] = {}
    for name, parsed in subject.open_names.items():
        dtype = dtypes[name]
        is_unusual = dtype in _NEVER_TRAINED or (dtype in _INTEGER and parsed.is_adapter)
        if is_unusual and (parsed.is_adapter or name in planned):
            groups.setdefault(_kind(dtype), []).append(name)
    for kind, names in groups.items():
        yield Finding(
            f"{with_verb(len(names), 'tensor', 'have')} {kind} (here `{dtypes[names[0]]}`)",
            subject.tensor(names[0]),
            "save the adapter in `F32`, `F16` or `BF16`",
            count=len(names),
            data=Tensors(tuple(names)),
        )


def _kind(dtype: str) -> str:
    if dtype in _COMPLEX:
        return "a complex dtype"
    return "a dtype for scales" if dtype == "F8_E8M0" else "an integer or boolean dtype"


RULE = Rule("LC423", "unusual-dtype", "warning", GatedCheck([DTYPES], check), __name__)
