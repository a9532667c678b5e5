"""Training resumes from a checkpoint that was trained with a different config.

The Trainer loads the tensors of the checkpoint into the adapter that the model has, and PEFT
ignores the config of the checkpoint. With a different rank, or a different number of tensors,
loading raises. With other targets of the same sizes, their layers start again from their initial
values; with a different `lora_alpha`, the scale changes in the middle of training. Nothing says so.

Fires:

    live {"changes": {"lora_alpha": [16, 8]}}

Passes:

    live {}

Repair: resume with the config of the checkpoint, or start a new run from its weights on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.subject import Subject
from loracfg.document.display import printable
from loracfg.document.pointer import escape
from loracfg.report.evidence import Entries
from loracfg.report.report import Related
from loracfg.rules.kinds.live_models import of_live_model
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject, live: LiveFacts) -> Iterator[Finding]:
    """Report the keys with different values."""
    if not live.changes:
        return
    said = [
        f"`{one.key}` is `{printable(one.now)}`, and `{printable(one.before)}` in the checkpoint"
        for one in live.changes
    ]
    places = [subject.value(f"/{escape(one.key)}") for one in live.changes]
    yield Finding(
        said[0],
        places[0],
        "resume with the config of the checkpoint",
        count=len(said),
        related=tuple(map(Related, places[1:4], said[1:4])),
        data=Entries("", tuple(one.key for one in live.changes)),
    )


RULE = Rule("LC929", "other-config-resumed", "error", of_live_model(check), __name__)
