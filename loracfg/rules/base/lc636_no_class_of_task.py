"""The auto class that `task_type` selects does not support the base.

`SEQ_2_SEQ_LM` selects `AutoModelForSeq2SeqLM`, which raises a `ValueError` for Whisper. `CAUSAL_LM`
selects `AutoModelForCausalLM`, which raises one for most models that read images. PEFT's
`AutoPeftModelForSeq2SeqLM` also raises, and so does code that is generated from the task, as on the
page of a model. The adapter works if the base is loaded with its own class.

Fires:

    config {"task_type": "SEQ_2_SEQ_LM"}
    base {"type": "whisper", "class": "WhisperForConditionalGeneration"}

Passes:

    base {"type": "llama"}

Passes:

    config {"task_type": null}
    base {"type": "whisper", "class": "WhisperForConditionalGeneration"}

Repair: load the base with its own class, then load the adapter on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.analysis.tasks import is_refused
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, Rule

_AUTO_CLASSES: Final = {
    "CAUSAL_LM": ("AutoModelForCausalLM", "ForCausalLM"),
    "SEQ_2_SEQ_LM": ("AutoModelForSeq2SeqLM", "ForSeq2SeqLM"),
    "SEQ_CLS": ("AutoModelForSequenceClassification", "ForSequenceClassification"),
    "TOKEN_CLS": ("AutoModelForTokenClassification", "ForTokenClassification"),
    "QUESTION_ANS": ("AutoModelForQuestionAnswering", "ForQuestionAnswering"),
    "FEATURE_EXTRACTION": ("AutoModel", "Model"),
}
"""The auto class of a task, and the ending of most class names that it returns."""


def check(subject: Subject) -> Iterator[Finding]:
    """Look for the base's type in the mapping of the auto class, in either layout."""
    base, config, kind = subject.base, subject.config, subject.resolved.model_type
    if base is None or config is None or kind is None or not base.is_transformers:
        return
    task, name = config.task_type or "", base.class_name
    if task not in _AUTO_CLASSES or name is None:
        return
    auto, ending = _AUTO_CLASSES[task]
    is_supported = name.endswith(ending) or auto in subject.resolved.auto_map
    if is_supported or is_refused(subject, name) or not _is_unsupported(kind, task):
        return
    yield Finding(
        f"`{task}` selects `{auto}`, which does not support the model type `{kind}`",
        subject.value("/task_type"),
        f"load the base as a `{name}`, then load the adapter on it",
        data=FieldValue("/task_type", task),
    )


def _is_unsupported(model_type: str, task: str) -> bool:
    """Tell whether a model type is known, but the auto class of a task does not support it."""
    from loracfg.base.catalogue.index import LAYOUTS, layout_of

    layouts = [layout_of(name) for name in LAYOUTS]
    configs = [layout.config_of(model_type) for layout in layouts]
    return any(configs) and all(
        layout.task(task)
        .keys()
        .isdisjoint([model_type, *layout.types.keys_by_first_word(own or "")])
        for layout, own in zip(layouts, configs, strict=True)
    )


RULE = Rule("LC636", "no-class-of-task", "info", check, __name__)
