"""`target_modules` is a list written as text.

PEFT treats a string as a pattern that must match a whole module path. A printed Python list
(`"['q_proj', 'v_proj']"`) or comma-separated names match nothing, and PEFT raises an error because
the targets are not in the base.

Fires:

    config {"target_modules": "['q_proj', 'v_proj']"}

Fires:

    config {"target_modules": ["q_proj,v_proj"]}

Passes:

    config {"target_modules": ".*[qv]_proj"}

Repair: write a JSON list: `["q_proj", "v_proj"]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import TEXT_TARGETS, UNLIKE_PLAN
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.analysis.target_matches import adapter_tensors, dead_targets
from loracfg.report.evidence import FieldValue
from loracfg.rules.rule import Finding, GatedCheck, Rule

_NAME: Final = r"[\w.-]+"
_BRACKETS: Final = {"[": "]", "(": ")", "{": "}"}


def check(subject: Subject) -> Iterator[Finding]:
    """Read the names out of the targets if each of them is a list written as text."""
    targets = dead_targets(subject)
    if targets is None:
        return
    texts = (targets,) if isinstance(targets, str) else targets
    lists = [_names_in(text) for text in texts]
    if not all(lists):
        return
    names = tuple(name for found in lists for name in found)
    yield Finding(
        f"`target_modules` is a list of {listed(names)} written as text, which matches no module",
        subject.value("/target_modules"),
        "write a JSON list with one string for each module",
        count=len(texts),
        explains=adapter_tensors(subject),
        data=FieldValue("/target_modules", targets, names),
    )


def _names_in(text: str) -> list[str]:
    """Return the names in a printed list or in comma-separated text; none in any other text."""
    inner = text.strip()
    if inner and _BRACKETS.get(inner[0]) == inner[-1]:
        inner = inner[1:-1]
    parts = [part.strip() for part in inner.strip().strip(",").split(",")]
    names = [part.strip("'\"") for part in parts]
    is_list = len(parts) > 1 or names != parts
    return names if is_list and all(re.fullmatch(_NAME, name) for name in names) else []


RULE = Rule(
    "LC320", "list-as-text", "error", GatedCheck([UNLIKE_PLAN, TEXT_TARGETS], check), __name__
)
