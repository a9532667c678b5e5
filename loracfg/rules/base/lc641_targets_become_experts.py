"""Targets that also name layers outside of the experts only adapt the experts.

If the base stores all experts in one parameter, PEFT 0.19+ turns targets that name expert layers
into `target_parameters` of the experts. They are no targets any more, so shared experts and dense
layers with these names are not trained.

Fires:

    planned
    base {"experts": 1, "layers": 2, "dense": 1}
    config {"target_modules": ["q_proj", "down_proj"]}

Passes:

    planned
    base {"experts": 1, "layers": 2}
    config {"target_modules": ["q_proj", "down_proj"]}

Passes:

    base {"experts": 1, "layers": 2, "dense": 1}
    config {"target_modules": ["q_proj", "v_proj", "down_proj"]}

Repair: if these layers are to be trained, add their weights to `target_parameters`, such as
`mlp.down_proj.weight`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import LIVE, PLANNED
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.planning.experts import weights_of
from loracfg.planning.targets import leaf_of
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report the layers that the conversion of experts leaves out."""
    plan = subject.plan
    if plan is None or not subject.is_yet_to_train or not subject.certain:
        return
    if plan.left_out and not plan.failures:
        yield Finding(
            f"PEFT turns {listed(dict.fromkeys(map(leaf_of, plan.left_out)))} into parameters of "
            f"the experts, and does not adapt {plural(len(plan.left_out), 'other layer')} with "
            "these names",
            subject.value("/target_modules"),
            f"add {listed(weights_of(plan.left_out), 12)} to `target_parameters` to train them too",
            count=len(plan.left_out),
            data=ModulePaths(plan.left_out, "target_modules"),
        )


RULE = Rule(
    "LC641", "targets-become-experts", "warning", GatedCheck([LIVE, PLANNED], check), __name__
)
