"""A head that is not in the base's checkpoint is neither trained nor saved.

A new head gets random weights each time the base is loaded, so predictions are random. PEFT only
trains and saves it if `modules_to_save` names it, or if the task type does: `SEQ_CLS`, `TOKEN_CLS`
and `QUESTION_ANS` include modules named `classifier`, `score` and `qa_outputs`, and no others.

Fires:

    base {"labels": 3, "class": "LlamaForSequenceClassification", "saved_as": ["LlamaForCausalLM"]}
    config {"task_type": null}

Fires:

    planned
    base {"labels": 3, "class": "LlamaForSequenceClassification", "saved_as": ["LlamaModel"]}
    config {"task_type": null}

Passes:

    base {"labels": 3, "class": "LlamaForSequenceClassification", "saved_as": ["LlamaForCausalLM"]}
    config {"task_type": "SEQ_CLS"}
    tensor base_model.model.score.weight F32 [3, 16]

Passes:

    base {"labels": 3, "class": "LlamaForSequenceClassification"}
    config {"task_type": null}

Repair: train again with the head in `modules_to_save`. If you still have the base that the adapter
was trained on, save it and use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.new_heads import new_heads
from loracfg.analysis.noted import SAVED_AS_OTHER
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.base.towers import is_within
from loracfg.config.model.default_targets import TASK_HEADS
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule

_TASKS: Final = (None, "FEATURE_EXTRACTION", *TASK_HEADS)
"""Task types with which PEFT wraps a class that has no method to generate."""


def check(subject: Subject) -> Iterator[Finding]:
    """Look for new heads that nothing trains or saves."""
    plan = subject.plan
    if plan is None or not subject.certain or plan.config.task_type not in _TASKS:
        return
    saved = [*plan.saved, *(module.path for module in plan.modules)]
    in_file = {name.module for name in subject.adapter.names.values()}
    new = [
        head
        for head in new_heads(subject)
        if not any(is_within(path, head) for path in (*saved, *in_file))
    ]
    if not new:
        return
    verb = "train" if subject.is_yet_to_train else "train again"
    yield Finding(
        f"`{plan.base.class_name}` adds {listed(new)} to the base's "
        f"{listed(subject.resolved.saved_as)} with random weights, which are neither trained nor "
        "saved",
        subject.value("/modules_to_save"),
        f"{verb} with {listed(new)} in `modules_to_save`",
        count=len(new),
        data=ModulePaths(tuple(new), "modules_to_save"),
    )


RULE = Rule("LC533", "unsaved-new-head", "error", GatedCheck([SAVED_AS_OTHER], check), __name__)
