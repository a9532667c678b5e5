"""Find evidence that the base is not the model that the adapter was trained on."""

from __future__ import annotations

from loracfg.analysis.phrases import plural, subject_of
from loracfg.analysis.subject import Subject


def difference_from_base(subject: Subject) -> str | None:
    """Return why the base cannot be the adapter's own; None if nothing speaks against it."""
    lost, others = len(subject.lost_paths), len(subject.compared.mismatched)
    if lost:
        total = len(subject.adapter.module_paths)
        return f"it lacks {lost} of the {plural(total, 'module')} that have tensors"
    if others:
        return f"{subject_of(others, 'tensor', 'have')} different sizes there"
    if subject.plan and subject.plan.is_empty:
        return "it has no module that the config targets"
    return None
