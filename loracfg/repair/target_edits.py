"""Repairs of `target_modules`, by the modules that the tensors are for."""

from __future__ import annotations

from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import IntendedTargets, Placeholder, UntargetedModules
from loracfg.config import CONFIG_NAME
from loracfg.repair.change import Change, config_change
from loracfg.repair.draft import Draft
from loracfg.report.evidence import Entries
from loracfg.report.report import Edit


def remove_dead_targets(subject: Subject, found: Entries, draft: Draft) -> Change | None:
    """Remove the entries that match no module of the base (LC618)."""
    if subject.adapter.header is None:
        return None
    title = f"removes {listed(found.names)} from `target_modules`"
    why = "they select nothing in this base, and no tensor is for them"
    values = {"target_modules": list(found.others)}
    return config_change(draft, values, title, safe=True, why=why)


def add_trained_modules(subject: Subject, found: UntargetedModules, draft: Draft) -> Change | None:
    """Add the modules that have tensors and are not selected (LC520)."""
    if not found.added:
        return None
    title = f"adds {listed(found.added)} to `target_modules`"
    is_null = subject.config is None or subject.config.target_modules is None
    if is_null and found.beside:
        title += f", beside {listed(found.beside)}, which PEFT takes for `null`"
    why = "PEFT writes tensors only for modules that were trained"
    values = {"target_modules": [*found.beside, *found.added]}
    return config_change(draft, values, title, safe=True, why=why)


def replace_placeholder(subject: Subject, found: Placeholder, draft: Draft) -> Change | None:
    """Name the modules that have tensors, and no others (LC322)."""
    if found.meant is None:
        return None
    change = set_targets(subject, found.meant, draft)
    edit = Edit(CONFIG_NAME, "/target_modules", list(found.ends))
    return change and change._replace(edits=(edit,))


def set_targets(_: Subject, found: IntendedTargets, draft: Draft) -> Change | None:
    """Name the modules that have tensors, and no others (LC301, LC519)."""
    targets = found.targets
    if isinstance(targets, str):
        return _as_pattern(targets, draft, is_exact=found.is_exact)
    title = f"sets `target_modules` to {listed(targets)}"
    why = "the tensors are taken for right; rank and alpha may be another adapter's too"
    return config_change(draft, {"target_modules": list(targets)}, title, safe=False, why=why)


def _as_pattern(pattern: str, draft: Draft, *, is_exact: bool) -> Change | None:
    """Write a list of patterns as the one pattern that it stands for."""
    why = (
        "the pattern selects the modules that have tensors, and no others"
        if is_exact
        else "the pattern may select modules that have no tensors"
    )
    title = f"sets `target_modules` to the pattern `{pattern}`"
    return config_change(draft, {"target_modules": pattern}, title, safe=is_exact, why=why)
