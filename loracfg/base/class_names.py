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
