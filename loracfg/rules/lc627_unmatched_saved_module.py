"""Names in `modules_to_save` match no module of the base.

PEFT trains and saves whole every module whose path ends with one of these names, and says nothing
of a name that ends no path. A misspelt `lm_head` leaves the head as it was. The heads that PEFT
itself adds for a task (`classifier` and `score`) are expected to be absent from some models.

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

Repair: remove the name. If the module was meant to be trained, correct the name and train again.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from loracfg.config.defaults import TASK_HEADS
from loracfg.rules.noted import changed
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import listed


def check(subject: Subject) -> Iterator[Finding]:
    """Find names that end no module path, neither of the base nor of a tensor."""
    dead = _dead(subject)
    if not dead or subject.config is None or subject.base is None:
        return
    place = (subject.config.modules_to_save or []).index(dead[0])
    ends = sorted({path.rpartition(".")[2] for path in subject.base.paths()})
    close = get_close_matches(dead[0], ends, 1)
    hint = f"write `{close[0]}` and train again" if close else "train again with its true name"
    them = "it" if len(dead) == 1 else "them"
    yield Finding(
        f"{listed(dead)} in `modules_to_save` {'matches' if len(dead) == 1 else 'match'} no module "
        "of the base, so nothing is trained for " + them,
        subject.value(f"/modules_to_save/{place}"),
        f"remove {them}, or if the module matters, {hint}",
        count=len(dead),
    )


def _dead(subject: Subject) -> list[str]:
    plan, config = subject.plan, subject.config
    if plan is None or config is None or not subject.certain or subject.lost_paths:
        return []
    names = [name for name in config.modules_to_save or () if not _is_of_task(name, subject)]
    paths = [*plan.base.paths(), *(one.module for one in subject.adapter.names.values())]
    return [name for name in names if not any(path.endswith(name) for path in paths)]


def _is_of_task(name: str, subject: Subject) -> bool:
    """Tell whether PEFT adds a name for a task, which some class of a task has."""
    config, base = subject.config, subject.base
    assert config is not None
    for task, heads in TASK_HEADS.items():
        if name in heads:
            others = any(base and base.find(head) for head in heads)
            return config.task_type == task or others
    return False


RULE = Rule(
    "LC627",
    "unmatched-saved-module",
    "warning",
    Noted([changed("modules_to_save")], check),
    __name__,
)
