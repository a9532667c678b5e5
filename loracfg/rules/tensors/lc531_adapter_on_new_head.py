"""The adapter changes a head that is not in the base's checkpoint.

A new head gets random weights each time the base is loaded. If an adapter is trained on it, only
the low-rank update is saved, not the weights that it was trained on. For the task types `SEQ_CLS`,
`TOKEN_CLS` and `QUESTION_ANS`, PEFT saves the head whole. With another task type or none,
`all-linear` or a target with the head's name puts an adapter on it.

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

Repair: train again with the head in `modules_to_save`, or with its task type. If you still have the
base that the adapter was trained on, save it and use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.noted import SAVED_AS_OTHER
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.base.class_names import is_bare
from loracfg.config.model.default_targets import TASK_HEADS
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule

_HEADS: Final = frozenset(name for names in TASK_HEADS.values() for name in names)
_OTHER_HEADS: Final = r".*(ForCausalLM|LMHeadModel|ForMaskedLM|ForConditionalGeneration)"
_WITH_HEAD: Final = r"(?=.*For).*(Classification|QuestionAnswering)"


def check(subject: Subject) -> Iterator[Finding]:
    """Look for adapters on a head that none of the classes in the checkpoint has."""
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
        f"the adapter changes {listed(new)}, which `{plan.base.class_name}` adds to the "
        f"base's {listed(subject.resolved.saved_as)} with random weights",
        subject.tensor(min(names)),
        f"train again with {listed(heads)} in `modules_to_save`",
        count=len(new),
        data=ModulePaths(tuple(new)),
        explains=names | {n for n, e in subject.missing.items() if e.path in new},
    )


def _has_new_head(subject: Subject) -> bool:
    """Tell whether the class has a task head, but none that the base was saved from has one."""
    used, saved = subject.base.class_name if subject.base else None, subject.resolved.saved_as
    if used is None or not saved or not re.fullmatch(_WITH_HEAD, used):
        return False
    return all(re.fullmatch(_OTHER_HEADS, name) or _has_no_head(name) for name in saved)


def _has_no_head(class_name: str) -> bool:
    return is_bare(class_name) and "Reward" not in class_name


RULE = Rule("LC531", "adapter-on-new-head", "error", GatedCheck([SAVED_AS_OTHER], check), __name__)
