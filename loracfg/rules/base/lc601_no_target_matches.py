r"""The config targets no module of the base.

PEFT raises `NoMatchingPeftModuleError` (a `ValueError` up to 0.20) because there is nothing to
adapt. If `target_modules` is a string, it must match the whole path of a module. An entry of a list
must match the end of the path.

Fires:

    config {"target_modules": "q_proj"}
    drop .

Fires:

    config {"target_modules": ["q_proj"], "layers_to_transform": [7]}
    drop .

Passes:

    config {"target_modules": ".*\\.(q_proj|v_proj)"}

Repair: target modules that the base has, in layers that it has.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import linear_names
from loracfg.analysis.tasks import loading_advice
from loracfg.base.architecture import Architecture
from loracfg.document.display import show
from loracfg.planning.adapted import Failure
from loracfg.planning.plan import Plan
from loracfg.rules.rule import Finding, GatedCheck, Rule

_KINDS = ("no-target-matches", "no-default-targets")


def check(subject: Subject) -> Iterator[Finding]:
    """Report that the plan adapts no module."""
    plan = subject.plan
    if plan is None or not subject.certain or subject.resolved.other_model:
        return  # a different model has different modules (LC600)
    failure = next((f for f in plan.failures if f.kind in _KINDS), None)
    if failure is None or (subject.adapter.shapes and not subject.open_shapes):
        return
    if plan.selection.filtered:
        yield _without_layers(subject, plan, failure)
        return
    message = failure.message
    targets = plan.config.target_modules
    if targets:
        named = f"`{targets}`" if isinstance(targets, str) else listed(targets)
        built = ", as the installed transformers builds it" if _is_built(plan.base) else ""
        message = f"`target_modules` {named} selects no module of the base{built}"
    other = subject.other_fit
    load = loading_advice(subject, other, "it") if other else ""
    load += ", which has all modules that its tensors name, or " if other else ""
    yield Finding(
        message,
        subject.value(f"/{failure.field}"),
        f"{load}target modules that the base has: {listed(linear_names(plan.base), 8)}",
        explains=frozenset(subject.open_shapes),
        data=failure,
    )


def _without_layers(subject: Subject, plan: Plan, failure: Failure) -> Finding:
    """Return that `layers_to_transform` leaves out every module that is named."""
    count = len(plan.selection.filtered)
    modules = {1: "the only module", 2: "both modules"}.get(count, f"all {count} modules")
    chosen = f"`layers_to_transform` is {show(plan.config.layers_to_transform)}, which leaves"
    wanted = "name layers that the base has, counted from 0"
    if plan.config.layers_pattern:
        chosen = "`layers_to_transform` and `layers_pattern` leave"
        wanted = "name layers that the base has, counted from 0, and the list that they are in"
    return Finding(
        f"{chosen} out {modules} that `target_modules` names",
        subject.value("/layers_to_transform"),
        wanted,
        explains=frozenset(subject.open_shapes),
        data=failure,
    )


def _is_built(base: Architecture) -> bool:
    # Releases of transformers name modules differently, so another release may have the targets.
    return base.source == "transformers"


RULE = Rule("LC601", "no-target-matches", "error", GatedCheck(_KINDS, check), __name__)
