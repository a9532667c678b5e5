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

from collections.abc import Iterator

from loracfg.analysis.noted import changed
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.unmatched_names import (
    unmatched_exclusions,
    unmatched_layer_patterns,
    unmatched_parameters,
)
from loracfg.document.pointer import escape
from loracfg.report.evidence import Entries
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find entries that match nothing in the base, with one finding for each field."""
    plan = subject.plan
    if plan is None or subject.is_yet_to_train or plan.is_empty:
        return
    if not subject.certain or subject.lost_paths:
        return
    found = {
        "exclude_modules": unmatched_exclusions(subject),
        "layers_pattern": unmatched_layer_patterns(subject),
        "target_parameters": unmatched_parameters(subject),
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


RULE = Rule(
    "LC628",
    "unmatched-name",
    "info",
    GatedCheck(
        [changed(f) for f in ("exclude_modules", "layers_pattern", "target_parameters")], check
    ),
    __name__,
)
