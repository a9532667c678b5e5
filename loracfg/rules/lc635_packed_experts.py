"""The adapter has factors for experts, which the base keeps packed.

GPT-OSS is published in MXFP4. Where transformers can compute with packed experts (a GPU and the
kernels for it), they are no parameters of the model: PEFT finds nothing to adapt there, warns, and
leaves the factors out. Elsewhere transformers unpacks them, and the same adapter works.

Fires:

    config {"target_parameters": ["mlp.experts.gate_up_proj"]}
    base {"experts": 3, "packed": "mxfp4"}

Passes:

    config {"target_parameters": ["mlp.experts.gate_up_proj"]}
    base {"experts": 3}

Passes:

    base {"experts": 3, "packed": "mxfp4"}

Repair: load the base with `quantization_config=Mxfp4Config(dequantize=True)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.plan.adapted import AdaptedModule
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import plural


def check(subject: Subject) -> Iterator[Finding]:
    """Count the parameters of stacks that are adapted, where the base packs them."""
    plan, method = subject.plan, subject.base_packed
    if plan is None or method is None:
        return
    stacks = [one for one in plan.adapted if isinstance(one, AdaptedModule) and one.parameter]
    if not stacks:
        return
    config = subject.config
    field = "target_parameters" if config and config.target_parameters else "target_modules"
    yield Finding(
        f"the base keeps its experts packed (`{method}`), where PEFT finds none of the "
        f"{plural(len(stacks), 'parameter')} that `{field}` selects, such as "
        f"`{stacks[0].path}.{stacks[0].parameter}`",
        subject.value(f"/{field}"),
        "load the base with `quantization_config=Mxfp4Config(dequantize=True)`",
        count=len(stacks),
    )


RULE = Rule("LC635", "packed-experts", "warning", check, __name__)
