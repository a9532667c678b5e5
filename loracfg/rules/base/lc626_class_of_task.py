"""The class that `task_type` or `auto_mapping` selects is missing modules that the adapter names.

Some models have two classes: one wraps the language model with an image encoder, and the other is
the language model alone. The same layers have different names in each. `AutoModelForCausalLM`
returns the second class, and so does `AutoPeftModelForCausalLM` for `CAUSAL_LM`. An adapter that
was trained on the first class loads on it without an error, but PEFT finds none of its tensors, and
the output is that of the base model.

Fires:

    base {"led_to": "LlamaTextForCausalLM"}

Passes:

    base {"class": "LlamaForCausalLM"}

Repair: load the base with the class that has the modules, or train and save the adapter on the
class that its task selects.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import OTHER_DEFAULT
from loracfg.analysis.phrases import plural
from loracfg.analysis.subject import Subject
from loracfg.analysis.tasks import is_refused
from loracfg.report.evidence import Classes
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report that the base is not of the class that the config selects."""
    other, base, config = subject.resolved.default_class, subject.base, subject.config
    if other is None or base is None or config is None:
        return
    if is_refused(subject, base.class_name):
        return  # PEFT loads the adapter on neither class
    mapping = config.auto_mapping
    saved = mapping.get("base_model_class") if isinstance(mapping, dict) else None
    field, selects = "task_type", f"`{config.task_type}` selects"
    if saved == other.class_name:
        field, selects = "auto_mapping", "`auto_mapping` names"
    elif saved == base.class_name:
        field, selects = "auto_mapping", "the base's config names"
    yield Finding(
        f"{selects} `{other.class_name}`, which has {other.matched} of the "
        f"{plural(other.total, 'module')} that the tensors name; `{base.class_name}` has all",
        subject.value(f"/{field}"),
        f"load the base as a `{base.class_name}`; on a `{other.class_name}`, PEFT ignores the "
        "tensors of the missing modules",
        data=Classes(other.class_name, base.class_name),
    )


RULE = Rule("LC626", "class-of-task", "warning", GatedCheck([OTHER_DEFAULT], check), __name__)
