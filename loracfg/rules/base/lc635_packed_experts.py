"""The adapter has factors for experts that the base keeps packed.

GPT-OSS is published in MXFP4. If transformers can compute with packed experts (on a GPU, with the
right kernels), they are not parameters of the model. PEFT finds nothing to adapt there, warns, and
leaves the factors out. On a GPU with compute capability 8.9 or higher, transformers keeps FP8
experts as values with separate scales. PEFT adds the update to the values without the scales, and
almost nothing of it is left. On other machines, transformers unpacks both formats, and the same
adapter works.

Fires:

    config {"target_parameters": ["mlp.experts.gate_up_proj"]}
    base {"experts": 3, "packed": "mxfp4"}

Fires:

    config {"target_parameters": ["mlp.experts.gate_up_proj"]}
    base {"experts": 3, "packed": "fp8"}

Passes:

    config {"target_parameters": ["mlp.experts.gate_up_proj"]}
    base {"experts": 3}

Passes:

    base {"experts": 3, "packed": "mxfp4"}

Repair: load the base with `quantization_config=Mxfp4Config(dequantize=True)`, or
`FineGrainedFP8Config(dequantize=True)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import EXPERTS
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.planning.adapted import AdaptedModule
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule

_CONFIGS: Final = {"mxfp4": "Mxfp4Config", "fp8": "FineGrainedFP8Config"}
_FAILS: Final = {"mxfp4": "finds none of", "fp8": "ignores the scales of"}


def check(subject: Subject) -> Iterator[Finding]:
    """Count the adapted parameters of experts that the base packs."""
    plan, method = subject.plan, subject.resolved.packed
    if plan is None or method is None:
        return
    stacks = [
        one
        for one in plan.adapted
        if isinstance(one, AdaptedModule) and one.path.endswith(".experts")
    ]
    if not stacks:
        return
    config = subject.config
    field = "target_parameters" if config and config.target_parameters else "target_modules"
    yield Finding(
        f"the base keeps its experts packed (`{method}`), and PEFT {_FAILS[method]} the "
        f"{plural(len(stacks), 'parameter')} that `{field}` selects, such as "
        f"`{stacks[0].path}.{stacks[0].parameter}`",
        subject.value(f"/{field}"),
        f"load the base with `quantization_config={_CONFIGS[method]}(dequantize=True)`",
        count=len(stacks),
        data=ModulePaths(tuple(one.path for one in stacks), field),
    )


RULE = Rule("LC635", "packed-experts", "warning", GatedCheck([EXPERTS], check), __name__)
