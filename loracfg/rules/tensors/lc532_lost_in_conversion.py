"""Tensors are for layers that have the names of expert layers but are not in the experts.

Transformers 5 stacks the experts that transformers 4 kept as separate layers. On such a base, PEFT
0.19+ turns targets that name expert layers into `target_parameters` of the experts. They are no
targets any more, so shared experts and dense layers with these names are not adapted, and their
tensors are silently lost. This affects adapters that were trained with transformers 4.

Fires:

    base {"experts": 1, "layers": 2, "dense": 1}
    drop .
    config {"target_modules": ["down_proj"]}
    tensor base_model.model.model.layers.0.mlp.down_proj.lora_A.weight F32 [4, 20]
    tensor base_model.model.model.layers.0.mlp.down_proj.lora_B.weight F32 [16, 4]
    tensor base_model.model.model.layers.1.mlp.experts.0.down_proj.lora_A.weight F32 [4, 20]
    tensor base_model.model.model.layers.1.mlp.experts.0.down_proj.lora_B.weight F32 [16, 4]

Fires:

    base {"experts": 1, "layers": 2, "dense": 1}
    drop .
    config {"target_modules": ["mlp.down_proj"]}
    tensor base_model.model.model.layers.0.mlp.down_proj.lora_A.weight F32 [4, 20]
    tensor base_model.model.model.layers.0.mlp.down_proj.lora_B.weight F32 [16, 4]

Passes:

    base {"experts": 1, "layers": 2, "dense": 1}
    config {"target_parameters": ["mlp.down_proj.weight"]}
    tensor base_model.model.model.layers.0.mlp.down_proj.lora_A.weight F32 [4, 20]
    tensor base_model.model.model.layers.0.mlp.down_proj.lora_B.weight F32 [16, 4]

Repair: add the weights of the layers to `target_parameters`, such as `mlp.down_proj.weight`, which
PEFT 0.17+ adapts with the same tensors. Options that do not work on parameters must be unset then,
such as `lora_dropout`. Or load the adapter with transformers 4.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import EXPERTS
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.planning.experts import is_stack, weights_of
from loracfg.planning.targets import leaf_of
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report the tensors of layers that the conversion of experts leaves out."""
    plan = subject.plan
    if plan is None or not plan.left_out or plan.failures or not subject.certain:
        return
    left_out = frozenset(plan.left_out)
    names = [name for name, taken in subject.open_names.items() if taken.module in left_out]
    if not names:
        return
    layers = dict.fromkeys(subject.open_names[name].module for name in names)
    experts = [
        name for name, one in subject.missing.items() if is_stack(plan.base.modules[one.path])
    ]
    weights = listed(weights_of(layers), 12)
    advice = f"add {weights} to `target_parameters`"
    if experts:
        advice = f"have {weights} in `target_parameters` instead of targets"
    yield Finding(
        f"PEFT 0.19+ turns {listed(dict.fromkeys(map(leaf_of, layers)))} into parameters of the "
        f"experts, and loses {plural(len(names), 'tensor')} of other layers with these names",
        subject.tensor(names[0]),
        f"{advice}, or load it with transformers 4",
        count=len(names),
        explains=frozenset([*names, *experts]),
        data=Tensors(tuple(names)),
    )


RULE = Rule("LC532", "lost-in-conversion", "error", GatedCheck([EXPERTS], check), __name__)
