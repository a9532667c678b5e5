"""Entries of `target_modules` match no module of the base, while others do.

PEFT adapts what matches and silently ignores the rest. Lists like this often cover several model
families at once, but a misspelt name looks the same.

Fires:

    config {"target_modules": ["q_proj", "v_proj", "c_attn"]}

Fires:

    made with {"target_modules": ["q_proj", "v_proj"]}
    config {"target_modules": ["q_proj", "v_proj", "k_prj"]}

Fires:

    made with {"target_modules": ["q_proj", "k_proj"]}
    config {"target_modules": ["q_proj", "k_prj"]}

Passes:

    made with {"target_modules": ["q_proj", "v_proj"]}

Passes:

    planned
    config {"target_modules": ["q_proj", "v_proj", "c_attn"]}

Repair: remove the entries that match nothing. Correct a misspelt entry only if the file has tensors
of that module: a target without tensors is an adapter that was never trained.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.close_names import close_names
from loracfg.analysis.noted import IDLE_TARGETS
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import linear_names, unmatched_targets
from loracfg.report.evidence import Entries
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find list entries that match the end of no module path."""
    unmatched, config = unmatched_targets(subject), subject.config
    if not unmatched or config is None or subject.is_yet_to_train:
        return
    targets = config.target_modules or []
    place = targets.index(unmatched[0])
    names = frozenset(unmatched)
    others = tuple(name for name in targets if name not in names)
    verb = "match" if len(unmatched) > 1 else "matches"
    yield Finding(
        f"{listed(unmatched)} in `target_modules` {verb} no module of the base",
        subject.value(f"/target_modules/{place}"),
        _advice(unmatched, subject),
        count=len(unmatched),
        data=Entries("target_modules", tuple(unmatched), others),
    )


def _advice(unmatched: list[str], subject: Subject) -> str:
    """Say which entries to correct to the name of a module with tensors, and which to remove."""
    close = close_names(unmatched, _candidates(subject))
    corrected = {name: new for name, (new, *_) in close.items()}
    if len(unmatched) < 2:
        return f"write {listed(corrected.values())}" if corrected else "remove it"
    removed = [name for name in unmatched if name not in corrected]
    written = [f"write `{new}` for `{old}`" for old, new in corrected.items()]
    if not written:
        return "remove them"
    return " and ".join([*written, *([f"remove {listed(removed)}"] if removed else [])])


def _candidates(subject: Subject) -> list[str]:
    """Return the names of modules that have tensors, but that no entry selects."""
    plan, selection = subject.plan, subject.selection
    assert plan is not None
    assert selection is not None  # a list of targets always has one
    if subject.adapter.header is None:
        return linear_names(plan.base)
    paths = subject.adapter.module_paths - selection.matched.keys()
    return sorted({path.rpartition(".")[2] for path in paths})


RULE = Rule("LC618", "unmatched-target", "info", GatedCheck([IDLE_TARGETS], check), __name__)
