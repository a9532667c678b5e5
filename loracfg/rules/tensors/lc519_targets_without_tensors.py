r"""No target of the config has tensors in the file.

The config does not belong to these weights: it was copied from another adapter, or a trainer wrote
a placeholder instead of the modules that it adapted. Or the list has patterns, but PEFT treats its
entries as names. PEFT ignores the tensors and serves the base model, or finds nothing to adapt and
raises.

Fires:

    config {"target_modules": ["c_attn"]}

Fires:

    config {"target_modules": [".*\\.(q_proj|v_proj)"]}

Passes:

    config {"target_modules": ["q_proj", "v_proj", "lm_head"]}

Repair: set `target_modules` to the modules that were adapted; write a pattern as a string.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import (
    intended_targets,
    shortest_names,
    shown_targets,
    targets_of,
    tensors_of_modules,
    trained_modules,
)
from loracfg.planning.targets import is_dummy
from loracfg.planning.widening import widened
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the listed targets with the modules that the tensors name."""
    config, selection = subject.config, subject.selection
    if config is None or selection is None or not targets_of(subject):
        return
    if is_dummy(config.target_modules):
        return  # PEFT adapts no modules then
    if selection.matched or selection.filtered or config.target_parameters:
        return
    layers = subject.layers
    modules = {layer.module for layer in layers.values()}.intersection(trained_modules(subject))
    if not modules or not modules.isdisjoint(selection.excluded):
        return  # LC520 reports what excludes them
    if subject.plan and any(adapted.path in modules for adapted in subject.plan.modules):
        return  # layers that are adapted along with the input embedding
    if not subject.plan and widened(modules, config, selection):
        return
    intended = intended_targets(subject)
    pattern = intended.targets if intended else None
    message, advice = (
        _listed_patterns(subject, pattern)
        if isinstance(pattern, str)
        else _other_modules(subject, modules)
    )
    names = frozenset(n for layer in layers.values() for n in layer.names)
    yield Finding(
        message,
        subject.value("/target_modules"),
        advice,
        count=len(names),
        explains=names | tensors_of_modules(subject, modules) | frozenset(subject.missing),
        data=intended,
    )


def _listed_patterns(subject: Subject, pattern: str) -> tuple[str, str]:
    """Return message and help if the list has patterns."""
    entries = (subject.config.target_modules if subject.config else None) or ()
    verb = "are names, not patterns" if len(entries) > 1 else "is a name, not a pattern"
    problem = f"to PEFT, {listed(entries)} in the list `target_modules` {verb}"
    return problem, f"write the string `{json.dumps(pattern)}` instead of the list"


def _other_modules(subject: Subject, modules: set[str]) -> tuple[str, str]:
    """Return message and help if the targets and the tensors are for different modules."""
    is_null = subject.config is None or subject.config.target_modules is None
    targets = "PEFT's targets for `null`" if is_null else "the targets"
    ends = sorted({path.rpartition(".")[2] for path in modules})
    names = sorted(shortest_names(subject, trained_modules(subject))) if subject.tree else ends
    advice = f"set `target_modules` to the modules that were adapted: {listed(names, 10)}"
    problem = f"{targets} are {shown_targets(subject)}"
    return f"{problem}, but the tensors are for {listed(ends)}", advice


RULE = Rule("LC519", "targets-without-tensors", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
