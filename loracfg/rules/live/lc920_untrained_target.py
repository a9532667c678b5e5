"""Entries of `target_modules` match no module of the model that is being trained.

PEFT adapts what the other entries match and ignores the rest without a message. After training,
nobody can tell a misspelt name from one that was never meant for this model. In an adapter that has
been saved, the same is [LC618](LC618.md), an info.

Fires:

    live {}
    made with {"target_modules": ["q_proj", "v_proj", "k_prj"]}

Fires:

    live {}
    made with {"target_modules": ["q_proj", "v_proj", "c_attn", "wte"]}

Passes:

    live {}
    made with {"target_modules": ["q_proj", "v_proj"]}

Passes:

    made with {"target_modules": ["q_proj", "v_proj", "k_prj"]}

Repair: correct the entries, or remove those that are for other models.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import linear_names, unmatched_targets
from loracfg.report.evidence import Entries
from loracfg.rules.kinds.live_models import of_live_model
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject, live: LiveFacts) -> Iterator[Finding]:
    """Find list entries that match the end of no module path."""
    unmatched, config, plan = unmatched_targets(subject), subject.config, subject.plan
    if not unmatched or config is None or plan is None:
        return
    targets = config.target_modules or []
    names = linear_names(plan.base)
    near = {one: new for one in unmatched for new in get_close_matches(one, names, 1)}
    written = [f"write `{new}` for `{one}`" for one, new in near.items()]
    removed = [one for one in unmatched if one not in near]
    verb = "match" if len(unmatched) > 1 else "matches"
    others = tuple(one for one in targets if one not in unmatched)
    yield Finding(
        f"{listed(unmatched)} in `target_modules` {verb} no module of the model, so nothing is "
        f"trained for {'them' if len(unmatched) > 1 else 'it'}",
        subject.value(f"/target_modules/{targets.index(unmatched[0])}"),
        " and ".join([*written, *([f"remove {listed(removed)}"] if removed else [])]),
        count=len(unmatched),
        data=Entries("target_modules", tuple(unmatched), others),
    )


RULE = Rule("LC920", "untrained-target", "error", of_live_model(check), __name__)
