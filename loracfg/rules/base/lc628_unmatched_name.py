"""Entries of `exclude_modules`, `layers_pattern` or `target_parameters` match nothing in the base.

PEFT adapts what the config selects and silently ignores entries without effect, as long as other
entries have one. With a misspelt entry in `exclude_modules`, PEFT adapts a module that should have
been left out.

Fires:

    config {"exclude_modules": ["v_prj"]}

Fires:

    config {"exclude_modules": ".*vision.*"}

Fires:

    config {"layers_to_transform": [0, 1], "layers_pattern": ["layers", "h"]}

Passes:

    made with {"target_modules": "all-linear", "exclude_modules": ["lm_head", "v_proj"]}

Passes:

    made with {"layers_to_transform": [0], "layers_pattern": ["layers"]}

Repair: remove the entries that match nothing. If a module should have been left out, correct the
entry and train again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.document.pointer import escape
from loracfg.planning.plan import Plan
from loracfg.planning.targets import has_layer_filter, suffixes
from loracfg.report.evidence import Entries
from loracfg.rules.rule import Finding, GatedCheck, Rule

_LISTS: Final = re.compile(r"(?:^|(?<=\.))([^.]+)(?=\.\d+\.)")
"""The names of module lists in a module path, e.g. `layers` in `layers.0.mlp`."""


def check(subject: Subject) -> Iterator[Finding]:
    """Find entries that match nothing in the base, with one finding for each field."""
    plan = subject.plan
    if plan is None or not subject.certain or subject.lost_paths or plan.is_empty:
        return
    found = {
        "exclude_modules": _exclusions(plan, subject),
        "layers_pattern": _patterns(plan, subject),
        "target_parameters": _parameters(plan, subject),
    }
    for field, dead in found.items():
        if dead:
            value = getattr(subject.config, field)
            place = "" if isinstance(value, str) else f"/{value.index(dead[0])}"
            yield Finding(
                f"{listed(dead)} in `{field}` {'match' if len(dead) > 1 else 'matches'} no "
                f"{'parameter' if field == 'target_parameters' else 'module'} of the base",
                subject.value(f"/{escape(field)}{place}"),
                "remove them" if len(dead) > 1 else "remove it",
                count=len(dead),
                data=Entries(field, tuple(dead)),
            )


def _exclusions(plan: Plan, subject: Subject) -> list[str]:
    given = subject.config.exclude_modules if subject.config else None
    if not given:
        return []
    if isinstance(given, str):
        return [] if plan.selection.excluded else [given]
    ends = {end for path in plan.base.paths() for end in suffixes(path)}
    return [name for name in given if name not in ends]


def _patterns(plan: Plan, subject: Subject) -> list[str]:
    config = subject.config
    if config is None or not has_layer_filter(config) or not config.layers_pattern:
        return []
    names = config.layers_pattern
    lists = {name for path in plan.base.paths() for name in _LISTS.findall(path)}
    plain = [name for name in ([names] if isinstance(names, str) else names) if name.isidentifier()]
    return [name for name in plain if name not in lists]


def _parameters(plan: Plan, subject: Subject) -> list[str]:
    given = subject.config.target_parameters if subject.config else None
    if not given or subject.planning.unstacked:
        return []
    ends = {
        end
        for path, module in plan.base.modules.items()
        for name in module.parameters
        for end in suffixes(f"{path}.{name}")
    }
    return [name for name in given if name not in ends]


RULE = Rule(
    "LC628",
    "unmatched-name",
    "info",
    GatedCheck(
        [changed(f) for f in ("exclude_modules", "layers_pattern", "target_parameters")], check
    ),
    __name__,
)
