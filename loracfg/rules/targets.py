"""Targets that cannot select anything, seen by the modules that the tensors name."""

from __future__ import annotations

from loracfg.plan.targets import is_all_linear
from loracfg.rules.subject import Subject


def dead_targets(subject: Subject) -> tuple[str, ...] | str | None:
    """Return `target_modules` if they select no module that is known, else None.

    Known are the modules that the tensors name and, with a base, its modules. What is returned
    may still select something where neither tells a module.
    """
    config = subject.config
    selection = subject.selection
    if config is None or selection is None or config.target_parameters:
        return None
    targets = config.target_modules
    if not targets or is_all_linear(targets) or selection.matched or selection.filtered:
        return None
    if subject.plan and subject.plan.modules:
        return None
    return targets if isinstance(targets, str) else tuple(targets)


def adapter_tensors(subject: Subject) -> frozenset[str]:
    """Return the tensors of all adapter layers, with those that are missing.

    Where nothing is targeted, these are what the cause accounts for.
    """
    found = (name for name, taken in subject.open_names.items() if taken.is_adapter)
    return frozenset(found) | frozenset(subject.missing)
