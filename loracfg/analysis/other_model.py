"""Find evidence that the base is not the model that the adapter was trained on."""

from __future__ import annotations

from loracfg.analysis.phrases import plural, with_verb
from loracfg.analysis.subject import Subject


def difference_from_base(subject: Subject) -> str | None:
    """Return why the base cannot be the one that the adapter was trained on; None if it can be."""
    lost, others = len(subject.lost_paths), len(subject.compared.mismatched)
    if lost:
        total = len(subject.adapter.module_paths)
        return f"it does not have {lost} of the {plural(total, 'module')} with tensors"
    if others:
        return f"{with_verb(others, 'tensor', 'have')} different sizes there"
    if subject.plan and subject.plan.is_empty:
        return "it has no module that the config targets"
    return None
