"""`target_modules` contains a placeholder instead of module names.

Trainers accept names such as `auto` or `all` for sets of modules and resolve them before training;
this config still has the placeholder. PEFT knows only `"all-linear"`, and only as a string: in a
list, it takes it as the name of a module.

Fires:

    config {"target_modules": ["all-linear"]}

Fires:

    config {"target_modules": "auto"}

Passes:

    config {"target_modules": "all-linear"}
    base none

Repair: list the modules that have tensors in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import TEXT_TARGETS, UNLIKE_PLAN
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import (
    Placeholder,
    adapter_tensors,
    dead_targets,
    intended_targets,
    shortest_names,
    trained_modules,
)
from loracfg.document.display import printable
from loracfg.rules.rule import Finding, GatedCheck, Rule

_PLACEHOLDERS: Final = frozenset(
    {"all", "all-linear", "all_linear", "any", "auto", "default", "linear", "none", "null"}
)


def check(subject: Subject) -> Iterator[Finding]:
    """Find placeholders if no target selects a module."""
    targets = dead_targets(subject)
    if targets is None:
        return
    entries = (targets,) if isinstance(targets, str) else targets
    if not all(entry.strip().lower() in _PLACEHOLDERS for entry in entries):
        return
    found = {path.rpartition(".")[2] for path in subject.adapter.module_paths}
    ends = sorted(shortest_names(subject, trained_modules(subject)) if subject.tree else found)
    several = len(entries) > 1
    holds, modules = (
        ("contains the placeholders", "modules") if several else ("is the placeholder", "a module")
    )
    yield Finding(
        f"`target_modules` {holds} {listed(map(printable, entries))}, not {modules}",
        subject.value("/target_modules"),
        f"list the modules that have tensors: {listed(map(printable, ends), 10)}"
        if ends
        else "list the modules that were adapted",
        explains=adapter_tensors(subject),
        data=Placeholder(tuple(entries), tuple(ends), intended_targets(subject)),
    )


RULE = Rule(
    "LC322", "placeholder-target", "error", GatedCheck([UNLIKE_PLAN, TEXT_TARGETS], check), __name__
)
