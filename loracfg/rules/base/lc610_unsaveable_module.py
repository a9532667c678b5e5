"""A name in `modules_to_save` is the end of a module that cannot be saved whole.

PEFT saves every module whose path ends with the name, without regard to dots, and raises for lists
of modules and for modules that have an adapter. The parts of an adapter count as well: `out` is
also the end of `lora_dropout`, which every layer with an adapter has.

Fires:

    config {"modules_to_save": ["yers"]}

Fires:

    config {"modules_to_save": ["out"]}

Passes:

    made with {"modules_to_save": ["embed_tokens"]}

Repair: name the module in `modules_to_save` by a longer end of its path. A module whose whole path
is such an end cannot be saved; train it with factors, as a target.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.plan.layer_tensors import LAYER_PARTS
from loracfg.report.evidence import Entries
from loracfg.rules.kinds.failures import reporting_failures
from loracfg.rules.rule import Finding, Noted, Rule

_PART: Final = "unsaveable-part"
_of_modules = reporting_failures("unsaveable-module", "name the module by a longer end of its path")


def check(subject: Subject) -> Iterator[Finding]:
    """Report failures on modules of the base, and names that are ends of an adapter's parts."""
    yield from _of_modules(subject)
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
            f"name the module by a longer end of its path, such as `{longer}`"
            if longer
            else f"take `{name}` out of `modules_to_save`, and make it a target instead",
            explains=frozenset(lost),
            data=Entries("modules_to_save", (name,)),
        )


RULE = Rule(
    "LC610",
    "unsaveable-module",
    "error",
    Noted(frozenset({"unsaveable-module", _PART}), check),
    __name__,
)
