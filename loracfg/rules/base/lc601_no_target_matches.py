r"""No module of the base is a target of the config.

PEFT raises `NoMatchingPeftModuleError` (until 0.20 a `ValueError`): there is nothing to adapt. A
string in `target_modules` must match the whole path of a module, entries of a list its end.

Fires:

    config {"target_modules": "q_proj"}
    drop .

Passes:

    config {"target_modules": ".*\\.(q_proj|v_proj)"}

Repair: name modules that the base has.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import linear_names
from loracfg.analysis.tasks import loading_advice
from loracfg.base.architecture import Architecture
from loracfg.rules.rule import Finding, Noted, Rule

_KINDS = ("no-target-matches", "no-default-targets")


def check(subject: Subject) -> Iterator[Finding]:
    """Report the failure of a plan that has no module."""
    plan = subject.plan
    if plan is None or not subject.certain or subject.resolved.other_model:
        return  # another model than the adapter's has other modules
    failure = next((f for f in plan.failures if f.kind in _KINDS), None)
    if failure is None or (subject.adapter.shapes and not subject.open_shapes):
        return
    message = failure.message
    targets = plan.config.target_modules
    if targets:
        named = f"`{targets}`" if isinstance(targets, str) else listed(targets)
        built = ", as the installed transformers builds it," if _is_built(plan.base) else ""
        message = f"no module of the base{built} is a target, with `target_modules` {named}"
    other = subject.other_fit
    load = loading_advice(subject, other, "it") if other else ""
    load += ", which has the modules of its tensors, or " if other else ""
    yield Finding(
        message,
        subject.value(f"/{failure.field}"),
        f"{load}name modules that the base has: {listed(linear_names(plan.base), 8)}",
        explains=frozenset(subject.open_shapes),
        data=failure,
    )


def _is_built(base: Architecture) -> bool:
    # Releases of transformers name modules differently, so another one may have the targets.
    return base.source == "transformers"


RULE = Rule("LC601", "no-target-matches", "error", Noted(_KINDS, check), __name__)
