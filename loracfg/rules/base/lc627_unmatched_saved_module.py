"""Names in `modules_to_save` match no module of the base.

PEFT trains and saves every module whose path ends with one of these names, and silently ignores a
name that matches no path. With a misspelt `lm_head`, the head is not trained. The rule ignores the
heads that PEFT itself adds for a task (`classifier` and `score`), which some models do not have.

Fires:

    config {"modules_to_save": ["lm_haed"]}

Fires:

    made with {"modules_to_save": ["lm_head"]}
    config {"modules_to_save": ["lm_head", "embed_tokns"]}

Passes:

    made with {"modules_to_save": ["lm_head"]}

Passes:

    base {"class": "LlamaForSequenceClassification", "labels": 3}
    made with {"task_type": "SEQ_CLS", "modules_to_save": ["classifier", "score"]}

Repair: remove the name. If the module should have been trained, correct the name and train again.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture
from loracfg.config.model.default_targets import TASK_HEADS
from loracfg.report.evidence import Entries
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find names that match the end of no module path, of the base or of a tensor."""
    plan, config = subject.plan, subject.config
    if plan is None or config is None or not subject.certain or subject.lost_paths:
        return
    of_base, saved = list(plan.base.paths()), config.modules_to_save or []
    paths = [*of_base, *(one.module for one in subject.adapter.names.values())]
    unmatched = [name for name in saved if not any(path.endswith(name) for path in paths)]
    dead = [name for name in unmatched if not _is_task_head(name, config.task_type, plan.base)]
    if not dead:
        return
    close = get_close_matches(dead[0], sorted({path.rpartition(".")[2] for path in of_base}))
    hint = f"write `{close[0]}` and train again" if close else "train again with its correct name"
    verb, them = ("match", "them") if len(dead) > 1 else ("matches", "it")
    yield Finding(
        f"{listed(dead)} in `modules_to_save` {verb} no module of the base, so nothing is trained "
        f"for {them}",
        subject.value(f"/modules_to_save/{saved.index(dead[0])}"),
        f"remove {them}, or if the module matters, {hint}",
        count=len(dead),
        data=Entries("modules_to_save", tuple(dead)),
    )


def _is_task_head(name: str, task_type: str | None, base: Architecture) -> bool:
    """Tell whether PEFT adds a name for the task, or together with a head that the base has."""
    return any(
        name in heads and (task_type == task or any(map(base.find, heads)))
        for task, heads in TASK_HEADS.items()
    )


RULE = Rule(
    "LC627",
    "unmatched-saved-module",
    "warning",
    GatedCheck([changed("modules_to_save")], check),
    __name__,
)
