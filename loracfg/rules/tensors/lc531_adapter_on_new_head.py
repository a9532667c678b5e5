"""The adapter changes a head that the base's checkpoint does not have.

A head that is new is made of random numbers each time that the base is loaded. With a low-rank
update on it, only the update is saved, and not what it was trained on. PEFT saves the head whole
for the task types `SEQ_CLS`, `TOKEN_CLS` and `QUESTION_ANS`; with another or none, `all-linear`
and a target of that name put an adapter on it.

Fires:

    base {"labels": 3, "class": "LlamaForSequenceClassification", "saved_as": ["LlamaForCausalLM"]}
    config {"task_type": null, "target_modules": ["q_proj", "v_proj", "score"]}
    tensor base_model.model.score.lora_A.weight F32 [4, 16]
    tensor base_model.model.score.lora_B.weight F32 [3, 4]

Passes:

    base {"labels": 3, "class": "LlamaForSequenceClassification"}
    config {"task_type": null, "target_modules": ["q_proj", "v_proj", "score"]}
    tensor base_model.model.score.lora_A.weight F32 [4, 16]
    tensor base_model.model.score.lora_B.weight F32 [3, 4]

Passes:

    base {"labels": 3, "class": "LlamaForSequenceClassification", "saved_as": ["LlamaForCausalLM"]}
    config {"task_type": "SEQ_CLS"}
    tensor base_model.model.score.weight F32 [3, 16]

Repair: train again with the head in `modules_to_save`, or with its task type; if the base that was
trained on still exists, save it and name it as the base.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.base.class_names import is_bare
from loracfg.config.model.default_targets import TASK_HEADS
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, Rule

_HEADS: Final = frozenset(name for names in TASK_HEADS.values() for name in names)
_OTHER_HEADS: Final = r".*(ForCausalLM|LMHeadModel|ForMaskedLM|ForConditionalGeneration)"
_WITH_HEAD: Final = r".*For\w*(Classification|QuestionAnswering)"


def check(subject: Subject) -> Iterator[Finding]:
    """Look for adapters on heads of a class that the base was not saved from."""
    plan = subject.plan
    if plan is None or not subject.certain or not _has_new_head(subject):
        return
    found = subject.adapter.module_paths
    adapted = [m.path for m in plan.modules if m.path in found and m.path.split(".")[0] in _HEADS]
    whole = {n.module for n in subject.adapter.names.values() if n.part is Part.BASE}
    new = [path for path in adapted if path not in whole]
    if not new:
        return
    heads = sorted({path.split(".")[0] for path in new})
    names = frozenset(n.name for n in subject.adapter.names.values() if n.module in new)
    yield Finding(
        f"the adapter changes {listed(new)}, which `{plan.base.class_name}` adds with random "
        f"weights to the base's {listed(subject.resolved.saved_as)}",
        subject.tensor(min(names)),
        f"train again with {listed(heads)} in `modules_to_save`",
        count=len(new),
        data=ModulePaths(tuple(new)),
        explains=names | {n for n, e in subject.missing.items() if e.path in new},
    )


def _has_new_head(subject: Subject) -> bool:
    """Tell whether the class has a head for a task that none which the base was saved from has."""
    used, saved = subject.base.class_name if subject.base else None, subject.resolved.saved_as
    if used is None or not saved or not re.fullmatch(_WITH_HEAD, used):
        return False
    return all(re.fullmatch(_OTHER_HEADS, name) or _has_none(name) for name in saved)


def _has_none(class_name: str) -> bool:
    return is_bare(class_name) and "Reward" not in class_name


RULE = Rule("LC531", "adapter-on-new-head", "error", check, __name__)
