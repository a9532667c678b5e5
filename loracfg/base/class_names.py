"""What the names of model classes tell: the task of their head, and whether they have one."""

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
"""How the classes for a task of PEFT are called."""

_ENDING: Final = r"(For\w+|LMHeadModel|DoubleHeadsModel|Model)$"


_TEXT_TASKS: Final = ("CAUSAL_LM", "SEQ_2_SEQ_LM")
"""Tasks for which PEFT wraps the base in a class that generates, and asks it how."""
_HEADS: Final = (
    r".*For((Sequence|Token|Image|Video|Audio)Classification|QuestionAnswering|MaskedLM"
    r"|MultipleChoice|NextSentencePrediction|ObjectDetection|SemanticSegmentation|DepthEstimation"
    r"|MaskedImageModeling)"
)
"""How classes with a head that generates nothing are called."""
_GENERATING: Final = frozenset(
    {
        *("BarkModel", "BlipForQuestionAnswering", "EncoderDecoderModel", "MarianMTModel"),
        *("SeamlessM4TModel", "SeamlessM4Tv2Model", "SpeechEncoderDecoderModel"),
        "VisionEncoderDecoderModel",
    }
)
"""Classes that generate though they are called as those that do not."""


def refuses_task(class_name: str, task_type: str | None) -> bool:
    """Tell whether PEFT raises when it wraps a class of transformers for a task.

    For generated text it takes `prepare_inputs_for_generation` of the base, which classes without a
    head and those with heads for other tasks lack since transformers 4.50.
    """
    if task_type not in _TEXT_TASKS or class_name in _GENERATING:
        return False
    return is_bare(class_name) or bool(re.fullmatch(_HEADS, class_name))


def task_of(class_name: str) -> str | None:
    """Return the task of PEFT for which a class that generates nothing has the head."""
    if is_bare(class_name):
        return "FEATURE_EXTRACTION"
    tasks = (task for task, name in TASK_CLASSES.items() if re.fullmatch(name, class_name))
    return next(tasks, None)


def stem(class_name: str) -> str:
    """Return what the classes of one model have in common."""
    return re.sub(_ENDING, "", class_name)


def is_bare(class_name: str) -> bool:
    """Tell whether a class is called as models without a head are."""
    return class_name.endswith("Model") and not class_name.endswith(("HeadModel", "HeadsModel"))


def wanted_instead(
    class_name: str,
    named: str | None,
    task_type: str | None,
    saved_class: str | None,
    *,
    fits: bool,
) -> str | None:
    """Return the class or the task that is wanted, if it is known not to be this class's.

    A name that ends in `Model` tells of a missing head only if the adapter's modules do not fit.

    Args:
        class_name: the class at hand.
        named: the class that the user named, which alone counts then.
        task_type: the adapter's.
        saved_class: the class that the adapter was saved from.
        fits: whether the class has every module that the adapter names.
    """
    exact = named or saved_class
    if exact:
        return exact if exact != class_name else None
    tasks = [task for task, name in TASK_CLASSES.items() if re.fullmatch(name, class_name)]
    if task_type in TASK_CLASSES and task_type not in tasks:
        return task_type if tasks or (is_bare(class_name) and not fits) else None
    return task_type if task_type == "FEATURE_EXTRACTION" and tasks else None
