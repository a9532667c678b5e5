"""PEFT cannot wrap the class of the base for this `task_type`.

For `CAUSAL_LM` and `SEQ_2_SEQ_LM`, PEFT wraps the base in a class that generates text, which needs
the base's method `prepare_inputs_for_generation`. Since transformers 4.50, models without a head or
with a head for a different task do not have this method, and PEFT raises an `AttributeError`.

Fires:

    base {"class": "LlamaForSequenceClassification", "labels": 3}

Fires:

    base {"class": "LlamaModel", "led_to": "LlamaForCausalLM"}

Passes:

    config {"task_type": null}
    base {"class": "LlamaForSequenceClassification", "labels": 3}

Passes:

    base {"class": "LlamaForCausalLM"}

Repair: set `task_type` to the task of the class, or to `null`, with which PEFT wraps any class.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.analysis.tasks import is_refused, task_for
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the task with the class that the adapter is loaded on."""
    base, config = subject.base, subject.config
    if base is None or config is None or not is_refused(subject, base.class_name):
        return
    task = task_for(subject, f"{base.class_name}")
    yield Finding(
        f"for `{config.task_type}`, PEFT needs the base's method `prepare_inputs_for_generation`, "
        f"which a `{base.class_name}` does not have",
        subject.value("/task_type"),
        f"set `task_type` to `{task}`",
        data=FieldValue("/task_type", config.task_type, task),
    )


RULE = Rule("LC639", "task-of-other-class", "error", check, __name__)
