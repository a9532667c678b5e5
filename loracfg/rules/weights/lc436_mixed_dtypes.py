"""The factors of the adapter have several floating-point dtypes.

Loaders cast each tensor separately, but some engines use the dtype of the first tensor for all, or
ignore tensors with other dtypes. PEFT writes a single dtype unless the base has several.

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight BF16 [4, 16]

Passes:

    made with {"r": 4}

Repair: save the adapter in one dtype, e.g. with `model.to(torch.bfloat16)` before
`save_pretrained`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import DTYPES
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule

_FLOATS: Final = frozenset(
    {"F64", "F32", "BF16", "F16", "F8_E5M2", "F8_E4M3", "F8_E5M2FNUZ", "F8_E4M3FNUZ"}
)


def check(subject: Subject) -> Iterator[Finding]:
    """Count the dtypes of the factors."""
    if len(subject.adapter.dtypes_used) < 2:
        return
    dtypes = subject.adapter.dtypes
    names = [name for pair in subject.adapter.table.pairs for name in (pair.a, pair.b)]
    counted = Counter(dtypes[name] for name in names if dtypes[name] in _FLOATS)
    if len(counted) < 2:
        return
    (usual, usual_count), *_, (rare, count) = counted.most_common()
    first = next(name for name in names if dtypes[name] == rare)
    yield Finding(
        f"{with_verb(usual_count, 'factor', 'have')} dtype `{usual}`, but "
        f"{with_verb(count, 'factor', 'have')} `{rare}`",
        subject.tensor(first),
        f"save the adapter in one dtype, such as `{usual}`",
        count=count,
        data=Tensors(tuple(name for name in names if dtypes[name] == rare)),
    )


RULE = Rule("LC436", "mixed-dtypes", "info", GatedCheck([DTYPES], check), __name__)
