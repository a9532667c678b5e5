"""A name in `modules_to_save` matches a module that PEFT cannot save whole.

PEFT saves every module whose path ends with the name, even in the middle of a word. It raises an
error for module lists and for modules that have an adapter. Parts of an adapter match as well:
`out` is also the end of `lora_dropout`, which every layer with an adapter has.

Fires:

    config {"modules_to_save": ["yers"]}

Fires:

    config {"modules_to_save": ["out"]}

Passes:

    made with {"modules_to_save": ["embed_tokens"]}

Repair: use a longer end of the module's path in `modules_to_save`. If even the whole path matches
other modules, the module cannot be saved; make it a target and train it with factors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.planning.layer_tensors import LAYER_PARTS
from loracfg.report.evidence import Entries
from loracfg.rules.kinds.failures import reporting_failures
from loracfg.rules.rule import Finding, GatedCheck, Rule

_PART: Final = "unsaveable-part"
_report_modules = reporting_failures("unsaveable-module", "use a longer end of the module's path")


def check(subject: Subject) -> Iterator[Finding]:
    """Report failures on modules of the base, and names that match parts of an adapter."""
    yield from _report_modules(subject)
    plan, config = subject.plan, subject.config
    if plan is None or config is None or all(one.kind != _PART for one in plan.failures):
        return
    for index, name in enumerate(config.modules_to_save or ()):
        part = next((part for part in LAYER_PARTS if part.endswith(name)), None)
        if part is None:
            continue
        longer = next((p for p in plan.base.paths() if p.endswith(f".{name}")), None)
        lost = (
            tensor for tensor, expected in subject.missing.items() if expected.path.endswith(name)
        )
        yield Finding(
            f"`{name}` in `modules_to_save` is also the end of `{part}`, which every layer with an "
            "adapter has",
            subject.value(f"/modules_to_save/{index}"),
            f"use a longer end of the module's path, such as `{longer}`"
            if longer
            else f"remove `{name}` from `modules_to_save`, and make it a target instead",
            explains=frozenset(lost),
            data=Entries("modules_to_save", (name,)),
        )


RULE = Rule(
    "LC610",
    "unsaveable-module",
    "error",
    GatedCheck(frozenset({"unsaveable-module", _PART}), check),
    __name__,
)
