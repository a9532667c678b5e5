"""The adapter changes only one of two layers that share a weight in the base.

The input embedding and the output layer share one weight. With an adapter on one of them, they use
different weights. If the adapter is merged into the base, the change applies to both or is lost.
`ensure_weight_tying` (PEFT 0.18+) adapts both in the same way.

Fires:

    made with {"modules_to_save": ["lm_head"]}
    base {"tied": true}

Passes:

    made with {"modules_to_save": ["lm_head"]}

Repair: train with `ensure_weight_tying`, or keep the adapter unmerged.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import TIED
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.tied_weights import trained_in_place
from loracfg.planning.layer_tensors import Role
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule

_ROLES = (Role.FACTOR_A, Role.SAVED_MODULE)


def check(subject: Subject) -> Iterator[Finding]:
    """Find adapted or saved modules that have a tied weight."""
    plan = subject.plan
    if plan is None or not plan.base.tied or plan.config.ensure_weight_tying:
        return
    tied = {plan.base.input_embeddings, *plan.base.tied}
    touched = {e.path for e in plan.tensors.values() if e.role in _ROLES and e.path in tied}
    if not touched or trained_in_place(subject):  # LC637
        return
    field = "modules_to_save" if plan.config.modules_to_save else "target_modules"
    others = sorted(path for path in tied - touched if path)
    yield Finding(
        f"the adapter changes {listed(sorted(touched))}, whose weight is tied"
        + (f" to {listed(others)}" if others else " in the base"),
        subject.value(f"/{field}"),
        "keep the adapter unmerged, or train with `ensure_weight_tying`",
        count=len(touched),
        data=ModulePaths(tuple(sorted(touched)), field),
    )


RULE = Rule("LC619", "tied-embedding", "info", GatedCheck([TIED], check), __name__)
