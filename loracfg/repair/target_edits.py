"""Repairs of `target_modules`, by the modules that the tensors are for."""

from __future__ import annotations

from loracfg.analysis.factor_pairs import is_stack
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import (
    named,
    pattern_of_list,
    targets_of,
    trained,
    unmatched_targets,
)
from loracfg.config.model.regexes import compile_pattern
from loracfg.repair.change import Change, configuring
from loracfg.repair.draft import Draft
from loracfg.rules.rule import Finding


def without_dead_targets(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Remove the entries that match no module of the base (LC618)."""
    config = subject.config
    dead = unmatched_targets(subject)
    if config is None or not isinstance(config.target_modules, list) or not dead:
        return None
    if subject.adapter.header is None:
        return None
    kept = [name for name in config.target_modules if name not in dead]
    title = f"removes {listed(dead)} from `target_modules`"
    why = "they select nothing in this base, and no tensor is for them"
    return configuring(draft, {"target_modules": kept}, title, safe=True, why=why)


def with_trained_modules(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
    """Add the modules that have tensors and are not selected (LC520)."""
    config, selection = subject.config, subject.selection
    if finding.location.pointer != "/target_modules" or config is None or selection is None:
        return None
    targets = targets_of(subject) or ()
    if isinstance(targets, str):
        return None
    paths = [
        path
        for path in trained(subject)
        if path not in selection.matched and not is_stack(subject, path)
    ]
    if not paths or not subject.lost_paths.isdisjoint(paths):
        return None
    added = named(subject, paths)
    title = f"adds {listed(added)} to `target_modules`"
    if config.target_modules is None and targets:
        title += f", beside {listed(targets)}, which PEFT takes for `null`"
    why = "PEFT writes tensors only for modules that were trained"
    return configuring(draft, {"target_modules": [*targets, *added]}, title, safe=True, why=why)


def of_tensors(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Name the modules that have tensors, and no others (LC301, LC322, LC519)."""
    if (pattern := pattern_of_list(subject)) is not None:
        return _as_pattern(pattern, subject, draft)
    paths = trained(subject)
    config = subject.config
    if not paths or config is None or config.target_parameters:
        return None
    if not subject.lost_paths.isdisjoint(paths):
        return None
    targets = named(subject, paths)
    title = f"sets `target_modules` to {listed(targets)}"
    why = "the tensors are taken for right; rank and alpha may be another adapter's too"
    return configuring(draft, {"target_modules": targets}, title, safe=False, why=why)


def _as_pattern(pattern: str, subject: Subject, draft: Draft) -> Change | None:
    """Write a list of patterns as the one pattern that it stands for."""
    base = subject.tree
    selected = filter(compile_pattern(pattern).fullmatch, base.paths() if base else ())
    alike = frozenset(selected) == frozenset(trained(subject))
    why = (
        "the pattern selects the modules that have tensors, and no others"
        if alike
        else "the pattern may select modules that have no tensors"
    )
    title = f"sets `target_modules` to the pattern `{pattern}`"
    return configuring(draft, {"target_modules": pattern}, title, safe=alike, why=why)
