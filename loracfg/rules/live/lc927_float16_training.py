"""The adapter is trained in `float16`.

Small updates are lost, and `torch.amp.GradScaler`, which `fp16=True` of the Trainer uses, raises
"Attempting to unscale FP16 gradients". PEFT makes factors in `float32` on a base in `float16`,
unless `autocast_adapter_dtype=False` or a later `model.half()` says otherwise.

Fires:

    live {}
    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight F16 [4, 16]

Passes:

    live {}
    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight BF16 [4, 16]

Passes:

    live {"in_training": false}
    tensor base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight F16 [4, 16]

Repair: convert the trained tensors to `float32` before the optimizer is created.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.kinds.live_models import of_live_model
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject, live: LiveFacts) -> Iterator[Finding]:
    """Find trained tensors in `float16`."""
    dtypes = subject.adapter.dtypes
    found = tuple(name for name in live.trained if dtypes[name] == "F16")
    if found and live.in_training:
        yield Finding(
            f"{with_verb(len(found), 'tensor', 'are')} trained in `float16`",
            subject.tensor(found[0]),
            "convert the trained tensors to `float32` before the optimizer is created",
            count=len(found),
            data=Tensors(found),
        )


RULE = Rule("LC927", "float16-training", "warning", of_live_model(check), __name__)
