"""Heads that a class adds to the base's checkpoint, with random weights."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.base.architecture import Architecture
from loracfg.base.catalogue.work import Work
from loracfg.base.class_names import is_bare
from loracfg.base.named_classes import tree_of

_OTHER_HEADS: Final = r".*(ForCausalLM|LMHeadModel|ForMaskedLM|ForConditionalGeneration)"
_WITH_HEAD: Final = r"(?=.*For).*(Classification|QuestionAnswering)"


def has_new_head(subject: Subject) -> bool:
    """Tell whether the class has a task head, but none that the base was saved from has one."""
    used, saved = subject.base.class_name if subject.base else None, subject.resolved.saved_as
    if used is None or not saved or not re.fullmatch(_WITH_HEAD, used):
        return False
    return all(re.fullmatch(_OTHER_HEADS, name) or _has_no_head(name) for name in saved)


def new_heads(subject: Subject) -> list[str]:
    """Return the parts with weights at the top of the tree that the checkpoint's class lacks.

    Its largest part is the body, whatever its name is in the checkpoint. Empty if that class is
    unknown.
    """
    if subject.base is None or not has_new_head(subject):
        return []
    saved = tree_of(subject.resolved, subject.resolved.saved_as[0], Work())
    if saved is None:
        return []
    sizes, known = _parts(subject.base), _parts(saved)
    body = max(sizes, key=lambda name: sizes[name], default="")
    others = {body, subject.base.output_embeddings, *known}
    return [name for name in sizes if name not in others]


def _parts(base: Architecture) -> Counter[str]:
    """Return the number of modules with weights in each part at the top of a tree."""
    paths = (path for path, module in base.modules.items() if path and module.parameters)
    return Counter(path.partition(".")[0] for path in paths)


def _has_no_head(class_name: str) -> bool:
    return is_bare(class_name) and "Reward" not in class_name
