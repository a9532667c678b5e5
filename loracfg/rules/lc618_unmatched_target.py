"""Entries of `target_modules` match no module of the base, while others do.

PEFT adapts what matches and says nothing of the rest. Such lists often cover several model families
at once; a misspelt name looks the same.

Fires:

    config {"target_modules": ["q_proj", "v_proj", "c_attn"]}

Passes:

    made with {"target_modules": ["q_proj", "v_proj"]}

Repair: remove the entries that match nothing, or correct them.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.plan.experts import LAYOUTS
from loracfg.plan.targets import suffixes
from loracfg.rules.lc601_no_target_matches import linear_names
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import listed


def check(subject: Subject) -> Iterator[Finding]:
    """Find list entries that are the end of no module path."""
    unmatched, plan, config = unmatched_targets(subject), subject.plan, subject.config
    if not unmatched or plan is None or config is None:
        return
    from difflib import get_close_matches

    close = get_close_matches(unmatched[0], linear_names(plan.base), 1)
    place = (config.target_modules or []).index(unmatched[0])
    yield Finding(
        f"{listed(unmatched)} in `target_modules` match no module of the base",
        subject.value(f"/target_modules/{place}"),
        f"write `{close[0]}`" if close else "remove them",
        count=len(unmatched),
    )


def unmatched_targets(subject: Subject) -> list[str]:
    """Return the entries of the list that select nothing, where others do."""
    plan, config = subject.plan, subject.config
    if plan is None or config is None or not subject.certain or not plan.modules:
        return []
    if not isinstance(config.target_modules, list):
        return []
    selecting = frozenset(plan.selection.matched.values())
    if selecting.issuperset(config.target_modules):
        return []
    ends = {end for path in plan.base.paths() for end in suffixes(path)}
    renamed = LAYOUTS[plan.base.model_type].renamed if plan.base.model_type in LAYOUTS else {}
    ends |= renamed.keys()
    # Those with tensors are reported as modules that the base does not have.
    ends |= {end for path in subject.adapter.module_paths for end in suffixes(path)}
    return [name for name in config.target_modules if name not in ends]


RULE = Rule("LC618", "unmatched-target", "info", check, __name__)
