"""The adapter is an activated LoRA, but its task is not `CAUSAL_LM`.

PEFT 0.18+ warns that aLoRA is only for causal language models. The wrapper class for that task
finds the invocation tokens in the input. Without it, the adapter stays inactive unless the caller
passes their offsets.

Fires:

    config {"alora_invocation_tokens": [5, 7], "task_type": null}

Passes:

    made with {"alora_invocation_tokens": [5, 7]}

Repair: set `task_type` to `"CAUSAL_LM"`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import changed
from loracfg.analysis.subject import Subject
from loracfg.document.display import show
from loracfg.report.evidence import FieldValue
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the task with the invocation tokens."""
    config = subject.config
    if config is None or not config.alora_invocation_tokens or config.task_type == "CAUSAL_LM":
        return
    if not subject.gives("task_type", "alora_invocation_tokens"):
        return
    tokens = subject.value("/alora_invocation_tokens")
    yield Finding(
        f"`task_type` is {show(config.task_type)}, but an activated LoRA only works with causal "
        "language models",
        subject.value("/task_type"),
        'set `task_type` to `"CAUSAL_LM"`',
        data=FieldValue("/task_type", config.task_type, "CAUSAL_LM"),
        related=(Related(tokens, "the tokens that activate it are set here"),),
    )


RULE = Rule(
    "LC327",
    "alora-without-causal-task",
    "warning",
    GatedCheck([changed("alora_invocation_tokens")], check),
    __name__,
)
