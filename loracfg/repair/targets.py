"""Repairs of `target_modules`, by the modules that the tensors are for."""

from __future__ import annotations

from collections import Counter

from loracfg.adapter.names import Part
from loracfg.plan.targets import suffixes
from loracfg.repair.change import Change, configuring
from loracfg.repair.draft import Draft
from loracfg.rules.lc618_unmatched_target import unmatched_targets
from loracfg.rules.rule import Finding
from loracfg.rules.subject import Subject
from loracfg.rules.wording import listed

_FACTORS = frozenset({Part.A, Part.B, Part.EMBEDDING_A, Part.EMBEDDING_B})


def without_dead_targets(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Remove the entries that match no module of the base (LC618)."""
    config = subject.config
    dead = unmatched_targets(subject)
    if config is None or not isinstance(config.target_modules, list) or not dead:
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
    if not isinstance(config.target_modules, list):
        return None
    added = named(subject, [p for p in trained(subject) if p not in selection.matched])
    if not added:
        return None
    title = f"adds {listed(added)} to `target_modules`"
    why = "PEFT writes tensors only for modules that were trained"
    targets = [*config.target_modules, *added]
    return configuring(draft, {"target_modules": targets}, title, safe=True, why=why)


def of_tensors(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Name the modules that have tensors, and no others (LC301, LC322, LC519)."""
    paths = trained(subject)
    config = subject.config
    if not paths or config is None or config.target_parameters:
        return None
    targets = named(subject, paths)
    title = f"sets `target_modules` to {listed(targets)}"
    why = "the tensors are taken for right; rank and alpha may be another adapter's too"
    return configuring(draft, {"target_modules": targets}, title, safe=False, why=why)


def trained(subject: Subject) -> list[str]:
    """Return the modules that have factors, in file order."""
    layers = subject.adapter.table.layers.values()
    return [layer.module for layer in layers if _FACTORS & layer.parts.keys()]


def named(subject: Subject, paths: list[str]) -> list[str]:
    """Return the shortest names that select these modules of the base and no others.

    Without a base, any other module may have the same name at its end, so whole paths are given.
    """
    base = subject.tree
    if base is None:
        return paths
    wanted = frozenset(trained(subject))
    ends = Counter(path.rpartition(".")[2] for path in paths)
    others = {end for path in base.paths() if path not in wanted for end in suffixes(path)}
    short = [end for end in ends if end not in others]
    return [*short, *(path for path in paths if path.rpartition(".")[2] in others)]
