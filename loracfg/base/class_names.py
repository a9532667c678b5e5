"""Reads the task of a model class, and whether it has a head, from its name."""

from __future__ import annotations

import re
from typing import Final

TASK_CLASSES: Final = {
    "CAUSAL_LM": r".*(ForCausalLM|LMHeadModel|ForConditionalGeneration)",
    "SEQ_2_SEQ_LM": r".*ForConditionalGeneration",
    "SEQ_CLS": r".*ForSequenceClassification",
    "TOKEN_CLS": r".*ForTokenClassification",
    "QUESTION_ANS": r".*ForQuestionAnswering",
}
"""The names of the classes for each task of PEFT, as patterns."""

_ENDING: Final = r"\b(?=\w+$)(\w*?)(For\w+|LMHeadModel|DoubleHeadsModel|Model)$"


_TEXT_TASKS: Final = ("CAUSAL_LM", "SEQ_2_SEQ_LM")
"""Tasks for which PEFT wraps the base in a class that generates text."""
_HEADS: Final = (
    *("ForAudioClassification", "ForImageClassification", "ForSequenceClassification"),
    *("ForTokenClassification", "ForVideoClassification", "ForQuestionAnswering"),
    *("ForMaskedLM", "ForMultipleChoice", "ForNextSentencePrediction", "ForObjectDetection"),
    *("ForSemanticSegmentation", "ForDepthEstimation", "ForMaskedImageModeling"),
)
"""The ends of the names of classes with a head that does not generate text."""
_GENERATING: Final = frozenset(
    {
        *("BarkModel", "BlipForQuestionAnswering", "EncoderDecoderModel", "MarianMTModel"),
        *("SeamlessM4TModel", "SeamlessM4Tv2Model", "SpeechEncoderDecoderModel"),
        "VisionEncoderDecoderModel",
    }
)
"""Classes that generate text although their names suggest otherwise."""


def refuses_task(class_name: str, task_type: str | None) -> bool:
    """Return whether PEFT raises when it wraps a class of transformers for a task.

    To generate text, PEFT needs `prepare_inputs_for_generation` of the base. Since transformers
    4.50, classes without a head, or with a head for another task, do not have it.
    """
    if task_type not in _TEXT_TASKS or class_name in _GENERATING:
        return False
    return is_bare(class_name) or class_name.endswith(_HEADS)


def task_of(class_name: str) -> str | None:
    """Return PEFT's task for a class that does not generate text."""
    if is_bare(class_name):
        return "FEATURE_EXTRACTION"
    tasks = (task for task, name in TASK_CLASSES.items() if re.fullmatch(name, class_name))
    return next(tasks, None)


def stem(class_name: str) -> str:
    """Return the part of a class name that all classes of a model share."""
    return re.sub(_ENDING, r"\1", class_name)


def is_bare(class_name: str) -> bool:
    """Return whether a class has the name of a model without a head."""
    return class_name.endswith("Model") and not class_name.endswith(("HeadModel", "HeadsModel"))


def wanted_instead(
    class_name: str,
    named: str | None,
    task_type: str | None,
    saved_class: str | None,
    *,
    fits: bool,
) -> str | None:
    """Return the class or the task that is needed, if this class is known not to be it.

    A class with a name that ends in `Model` only counts as one without a head if the adapter's
    modules do not fit it.

    Args:
        class_name: the class to check.
        named: the class that the user named, which overrides the others.
        task_type: the adapter's task.
        saved_class: the class that the adapter was saved from.
        fits: whether the class has all of the adapter's modules.
    """
    exact = named or saved_class
    if exact:
        return exact if exact != class_name else None
    tasks = [task for task, name in TASK_CLASSES.items() if re.fullmatch(name, class_name)]
    if task_type in TASK_CLASSES and task_type not in tasks:
        return task_type if tasks or (is_bare(class_name) and not fits) else None
    return task_type if task_type == "FEATURE_EXTRACTION" and tasks else None
