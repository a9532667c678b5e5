"""A tensor has a dtype that the file format or torch does not support.

The safetensors library rejects a file with a dtype that is not in the format. It also rejects
`F6_E2M3` and `F6_E3M2` when it creates torch tensors, since torch does not have them. It reads
`F4`, but PEFT cannot copy such a tensor. The `torch.save` format from before torch 1.6 has none of
the dtypes that were added later, and torch does not load them from such an `adapter_model.bin`.

Fires:

    weights header {"x": {"dtype": "float32", "shape": [1], "data_offsets": [0, 4]}}
    weights append 00000000

Fires:

    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight F4 [4, 16]

Fires:

    tensor x F6_E2M3 [4]

Passes:

    tensor base_model.model.lm_head.weight BF16 [32, 16]

Passes:

    tensor x F4 [4]

Repair: save the tensors in a dtype that both support, such as `F32`, `F16` or `BF16`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import DTYPES
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, GatedCheck, Rule, from_fault

_NOT_IN_TORCH: Final = ("F6_E2M3", "F6_E3M2")
_PACKED: Final = "F4"


def check(subject: Subject) -> Iterator[Finding]:
    """Report dtypes that readers reject, and look for those that PEFT cannot load."""
    yield from map(from_fault, subject.faults_of("unknown-dtype", "legacy-dtype"))
    for dtype in sorted(subject.adapter.dtypes_used.intersection({*_NOT_IN_TORCH, _PACKED})):
        dtypes = subject.adapter.dtypes
        names = [name for name in subject.open_names if dtypes[name] == dtype]
        problem = "torch does not have"
        if dtype not in _NOT_IN_TORCH:
            names = [name for name in names if _is_copied(name, subject)]
            problem = "PEFT cannot copy"
        if names:
            yield Finding(
                f"{with_verb(len(names), 'tensor', 'have')} dtype `{dtype}`, which {problem}",
                subject.tensor(names[0]),
                "save the tensors in `F32`, `F16` or `BF16`",
                count=len(names),
            )


def _is_copied(name: str, subject: Subject) -> bool:
    """Tell whether PEFT copies a tensor into the model; it ignores others."""
    parsed, plan = subject.adapter.names[name], subject.plan
    if plan is None:
        return parsed.is_adapter and bool(parsed.prefix)
    return name in plan.shapes or plan.base_shape(name) is not None


RULE = Rule(
    "LC415",
    "unknown-dtype",
    "error",
    GatedCheck([DTYPES, "unknown-dtype", "legacy-dtype"], check),
    __name__,
)
