"""A name in the config of an adapter that is about to be trained matches nothing in the base.

PEFT adapts what the other names select and trains it without an error, so a misspelt name is often
noticed after the training, if at all. Before training it costs nothing to correct, which is why
`loracfg plan`, `loracfg.check` and the callback report it as an error; `loracfg validate` reports
the same names of trained adapters under other codes.

Fires:

    planned
    config {"target_modules": ["q_proj", "v_prj"]}

Fires:

    planned
    config {"modules_to_save": ["lm_haed"]}

Fires:

    planned
    config {"rank_pattern": {"k_proj": 8}}

Fires:

    live {}
    made with {"target_modules": ["q_proj", "v_proj", "k_prj"]}

Passes:

    live {"for_inference": true}
    made with {"target_modules": ["q_proj", "v_proj", "k_prj"]}

Passes:

    planned
    config {"target_modules": ["q_proj", "k_proj"]}

Passes:

    config {"target_modules": ["q_proj", "v_proj", "v_prj"]}

Repair: write a name that the base has, or remove the name. `loracfg plan --target-modules '?'`
lists what can be targeted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from loracfg.analysis.noted import LIVE, PLANNED
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import linear_names
from loracfg.analysis.unmatched_names import PATTERNS, UnmatchedName, unmatched_names
from loracfg.document.pointer import escape
from loracfg.planning.experts import STACKED_NAMES, is_stack
from loracfg.planning.targets import leaf_of
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule

if TYPE_CHECKING:
    from loracfg.planning.plan import Plan

_MOST_SHOWN = 8
_MOST_FOUND = 50
"""The names of a field with a finding each."""


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each name, and of many only for the first ones of a field."""
    plan = subject.plan
    if plan is None or not subject.is_yet_to_train:
        return
    for field, group in groupby(unmatched_names(subject), lambda one: one.field):
        if field == "target_modules" and plan.is_empty:
            continue  # then nothing is targeted at all (LC601)
        what = "parameter" if field == "target_parameters" else "module"
        whose = "of the adapter" if field in PATTERNS else "of the base"
        names = list(group)
        for one in names[:_MOST_FOUND]:
            yield Finding(
                f"`{one.name}` in `{field}` matches no {what} {whose}",
                _place(one, subject),
                _advice(one, plan),
                data=one,
            )
        if others := names[_MOST_FOUND:]:
            yield Finding(
                f"`{field}` has {plural(len(others), 'more name')} without a {what} {whose}",
                _place(others[0], subject),
                "remove them",
                count=len(others),
                data=others[0],
            )


def _place(one: UnmatchedName, subject: Subject) -> Location:
    pointer = f"/{one.field}"
    if one.field in PATTERNS:
        return subject.key(f"{pointer}/{escape(one.name)}")
    value = getattr(subject.config, one.field)
    step = "" if isinstance(value, str) else f"/{value.index(one.name)}"
    return subject.value(pointer + step)


def _advice(one: UnmatchedName, plan: Plan) -> str:
    if one.field == "target_modules" and (parameters := _parameters(one.name, plan)):
        names = listed(parameters)
        return f"the experts of this base are parameters: have {names} in `target_parameters`"
    if one.nearest:
        first, *others = (f"`{name}`" for name in one.nearest)
        also = f" (or {' or '.join(others)})" if others else ""
        return f"write {first}{also}, or remove it"
    if one.field == "target_modules":
        return f"remove it, or write one of {listed(linear_names(plan.base), _MOST_SHOWN)}"
    return "remove it"


def _parameters(name: str, plan: Plan) -> list[str]:
    """Return the stacked parameters with a name, as `target_parameters` can name them."""
    stacked = STACKED_NAMES.get(name, name)
    stacks = ((path, one) for path, one in plan.base.modules.items() if is_stack(one))
    paths = (f"{leaf_of(path)}.{stacked}" for path, one in stacks if stacked in one.parameters)
    return list(dict.fromkeys(paths))


RULE = Rule("LC629", "name-matches-nothing", "error", GatedCheck([LIVE, PLANNED], check), __name__)
