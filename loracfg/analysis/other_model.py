"""What shows that the base is another model than that of the adapter."""

from __future__ import annotations

from loracfg.analysis.phrases import plural, subject_of
from loracfg.analysis.subject import Subject


def difference_from_base(subject: Subject) -> str | None:
    """Return what shows that the base is not the one of the adapter, None if nothing does."""
    lost, others = len(subject.lost_paths), len(subject.compared.mismatched)
    if lost:
        total = len(subject.adapter.module_paths)
        return f"it lacks {lost} of the {plural(total, 'module')} that the tensors name"
    if others:
        return f"{subject_of(others, 'tensor', 'have')} other sizes there"
    if subject.plan and subject.plan.is_empty:
        return "it has no module that the config targets"
    return None
