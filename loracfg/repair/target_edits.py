"""Repair `target_modules` to match the modules that have tensors."""

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
    title = f"remove {listed(found.names)} from `target_modules`"
    why = "they match nothing in this base and have no tensors"
    values = {"target_modules": list(found.others)}
    return config_change(draft, values, title, safe=True, why=why)


def add_trained_modules(subject: Subject, found: UntargetedModules, draft: Draft) -> Change | None:
    """Add the modules that have tensors but are not targeted (LC520)."""
    if not found.added:
        return None
    title = f"add {listed(found.added)} to `target_modules`"
    is_null = subject.config is None or subject.config.target_modules is None
    if is_null and found.existing:
        title += f", next to {listed(found.existing)}, which PEFT uses for `null`"
    why = "PEFT only writes tensors for modules that were trained"
    values = {"target_modules": [*found.existing, *found.added]}
    return config_change(draft, values, title, safe=True, why=why)


def replace_placeholder(subject: Subject, found: Placeholder, draft: Draft) -> Change | None:
    """Set `target_modules` to exactly the modules that have tensors (LC322)."""
    if found.intended is None:
        return None
    change = set_targets(subject, found.intended, draft)
    edit = Edit(CONFIG_NAME, "/target_modules", list(found.ends))
    return change and change._replace(edits=(edit,))


def set_targets(_: Subject, found: IntendedTargets, draft: Draft) -> Change | None:
    """Set `target_modules` to exactly the modules that have tensors (LC301, LC519)."""
    targets = found.targets
    if isinstance(targets, str):
        return _as_pattern(targets, draft, is_exact=found.is_exact)
    title = f"set `target_modules` to {listed(targets)}"
    why = "this assumes that the tensors are right; rank and alpha may also be another adapter's"
    return config_change(draft, {"target_modules": list(targets)}, title, safe=False, why=why)


def _as_pattern(pattern: str, draft: Draft, *, is_exact: bool) -> Change | None:
    """Write a list of patterns as one pattern."""
    why = (
        "the pattern matches exactly the modules that have tensors"
        if is_exact
        else "the pattern may match modules that have no tensors"
    )
    title = f"set `target_modules` to the pattern `{pattern}`"
    return config_change(draft, {"target_modules": pattern}, title, safe=is_exact, why=why)
