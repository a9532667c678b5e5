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

from loracfg.analysis.close_names import close_names
from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.unmatched_names import unmatched_saved_modules
from loracfg.report.evidence import Entries
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find names that match the end of no module path, of the base or of a tensor."""
    plan, config = subject.plan, subject.config
    if plan is None or config is None or subject.is_yet_to_train:
        return
    if not subject.certain or subject.lost_paths:
        return
    saved, dead = config.modules_to_save or [], unmatched_saved_modules(subject)
    if not dead:
        return
    of_base = plan.base.paths()
    names = sorted({path.rpartition(".")[2] for path in of_base})
    close = close_names(dead[:1], names)
    hint = (
        f"write `{close[dead[0]][0]}` and train again"
        if close
        else "train again with its correct name"
    )
    verb, them = ("match", "them") if len(dead) > 1 else ("matches", "it")
    yield Finding(
        f"{listed(dead)} in `modules_to_save` {verb} no module of the base, so nothing is trained "
        f"for {them}",
        subject.value(f"/modules_to_save/{saved.index(dead[0])}"),
        f"remove {them}, or if the module matters, {hint}",
        count=len(dead),
        data=Entries("modules_to_save", tuple(dead)),
    )


RULE = Rule(
    "LC627",
    "unmatched-saved-module",
    "warning",
    GatedCheck([changed("modules_to_save")], check),
    __name__,
)
