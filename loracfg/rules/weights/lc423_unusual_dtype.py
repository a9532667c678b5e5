"""Tensors of the adapter are of a dtype in which no weights are trained.

Whole numbers were quantised and lost their scales, or packed; `F8_E8M0` has nothing but powers of
two, which scales of quantised weights are. PEFT copies the numbers as they are into floating-point
factors, without a word. Of complex numbers it keeps the real parts.

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

from loracfg.analysis.phrases import subject_of
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, Rule

_COMPLEX: Final = frozenset({"C64", "complex32", "complex128"})
_WHOLE: Final = frozenset({"I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64"})
_NOWHERE: Final = _COMPLEX | {"BOOL", "F8_E8M0"}
"""Dtypes that tensors of a base do not have either, if they are parameters."""


def check(subject: Subject) -> Iterator[Finding]:
    """Group the tensors that PEFT takes by what they hold."""
    if (_WHOLE | _NOWHERE).isdisjoint(subject.adapter.dtypes_used):
        return
    dtypes = subject.adapter.dtypes
    planned = subject.plan.shapes if subject.plan else {}
    groups: dict[str, list[str]] = {}
    for name, taken in subject.open_names.items():
        dtype = dtypes[name]
        is_odd = dtype in _NOWHERE or (dtype in _WHOLE and taken.is_adapter)
        if is_odd and (taken.is_adapter or name in planned):
            groups.setdefault(_held(dtype), []).append(name)
    for held, names in groups.items():
        yield Finding(
            f"{subject_of(len(names), 'tensor', 'hold')} {held}, this one `{dtypes[names[0]]}`",
            subject.tensor(names[0]),
            "save the adapter in `F32`, `F16` or `BF16`",
            count=len(names),
            data=Tensors(tuple(names)),
        )


def _held(dtype: str) -> str:
    if dtype in _COMPLEX:
        return "complex numbers"
    return "powers of two" if dtype == "F8_E8M0" else "whole numbers"


RULE = Rule("LC423", "unusual-dtype", "warning", check, __name__)
