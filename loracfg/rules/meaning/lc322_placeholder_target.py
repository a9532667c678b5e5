"""`target_modules` holds a placeholder instead of modules.

Trainers have names such as `auto` or `all` for sets of modules, which they resolve before they
train; this config has the name itself. PEFT knows only `"all-linear"`, and only as a string: as an
entry of a list it is the name of a module.

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
from loracfg.rules.rule import Finding, Rule

_PLACEHOLDERS: Final = frozenset(
    {"all", "all-linear", "all_linear", "any", "auto", "default", "linear", "none", "null"}
)


def check(subject: Subject) -> Iterator[Finding]:
    """Find placeholders where no target selects anything."""
    targets = dead_targets(subject)
    if targets is None:
        return
    entries = (targets,) if isinstance(targets, str) else targets
    if not all(entry.strip().lower() in _PLACEHOLDERS for entry in entries):
        return
    found = {path.rpartition(".")[2] for path in subject.adapter.module_paths}
    ends = sorted(shortest_names(subject, trained_modules(subject)) if subject.tree else found)
    yield Finding(
        f"`target_modules` is the placeholder {listed(map(printable, entries))}, not a module",
        subject.value("/target_modules"),
        f"list the modules that have tensors: {listed(map(printable, ends), 10)}"
        if ends
        else "list the modules that were adapted",
        explains=adapter_tensors(subject),
        data=Placeholder(tuple(entries), tuple(ends), intended_targets(subject)),
    )


RULE = Rule("LC322", "placeholder-target", "error", check, __name__)
