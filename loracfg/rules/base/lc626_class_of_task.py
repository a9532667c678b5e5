"""The class that `task_type` or `auto_mapping` leads to lacks modules that the adapter names.

Some models have two classes: one wraps the language model with an image encoder, one is the
language model alone, and the same layers have other names in each. `AutoModelForCausalLM` gives the
second, as `AutoPeftModelForCausalLM` does for `CAUSAL_LM`. An adapter trained on the first loads on
it without an error, PEFT finds none of its tensors, and the output is that of the base model.

Fires:

    base {"led_to": "LlamaTextForCausalLM"}

Passes:

    base {"class": "LlamaForCausalLM"}

Repair: load the base with the class that has the modules, or train and save the adapter on the
class that its task leads to.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.analysis.tasks import is_refused
from loracfg.report.evidence import Classes
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report that another class was taken than the one that the config leads to."""
    other, base, config = subject.resolved.default_class, subject.base, subject.config
    if other is None or base is None or config is None:
        return
    if is_refused(subject, base.class_name):
        return  # neither class takes the adapter
    mapping = config.auto_mapping
    saved = mapping.get("base_model_class") if isinstance(mapping, dict) else None
    field, leads = "task_type", f"`{config.task_type}` leads to"
    if saved == other.class_name:
        field, leads = "auto_mapping", "`auto_mapping` names"
    elif saved == base.class_name:
        field, leads = "auto_mapping", "the base's config names"
    yield Finding(
        f"{leads} a `{other.class_name}`, which has {other.matched} of the "
        f"{plural(other.total, 'module')} that the tensors name; they are those of a "
        f"`{base.class_name}`",
        subject.value(f"/{field}"),
        f"load the base as a `{base.class_name}`; a `{other.class_name}` gets no tensor of the "
        "missing modules",
        data=Classes(other.class_name, base.class_name),
    )


RULE = Rule("LC626", "class-of-task", "warning", check, __name__)
