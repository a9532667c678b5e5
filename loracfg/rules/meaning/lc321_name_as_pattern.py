"""`target_modules` is a bare name, which as a pattern matches no module.

A list has names or path endings. A string is a regular expression for the whole path, so
`"q_proj"` only matches a module `q_proj` at the top of the model. PEFT raises an error because the
target is not in the base.

Fires:

    config {"target_modules": "q_proj"}

Passes:

    made with {"target_modules": ".*q_proj"}

Passes:

    made with {"target_modules": "lm_head"}

Repair: write a list: `["q_proj"]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import TEXT_TARGETS
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import adapter_tensors, dead_targets
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, GatedCheck, Rule

_NAME: Final = re.compile(r"[\w.-]+")


def check(subject: Subject) -> Iterator[Finding]:
    """Find a name that ends a module path in the file, but matches no whole path."""
    name = dead_targets(subject)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return
    if not any(path.endswith(f".{name}") for path in subject.adapter.module_paths):
        return
    yield Finding(
        f"`target_modules` is the string `{name}`, a pattern that matches no whole module path",
        subject.value("/target_modules"),
        f'write the list `["{name}"]`',
        explains=adapter_tensors(subject),
        data=FieldValue("/target_modules", name, (name,)),
    )


RULE = Rule("LC321", "name-as-pattern", "error", GatedCheck([TEXT_TARGETS], check), __name__)
