"""Layers that the config targets have no tensors in the file.

PEFT leaves their factors at the start, where they contribute nothing; since 0.14 it warns of
missing keys. The file was filtered or saved incompletely, or the config names more targets than
were trained.

Fires:

    config {"target_modules": ["q_proj", "v_proj", "o_proj"]}

Fires:

    drop layers.1

Passes:

    made with {"target_modules": ["q_proj", "v_proj", "o_proj"]}

Repair: save the adapter again, or name in `target_modules` what was trained.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.document.pointer import escape
from loracfg.report.model import Location
from loracfg.rules.noted import DIFFERENCE
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import listed, plural


def check(subject: Subject) -> Iterator[Finding]:
    """Group adapted modules without a single tensor by the target that selected them."""
    plan = subject.plan
    if plan is None or not subject.missing or not subject.certain:
        return
    absent: dict[str, list[str]] = {}
    for name, expected in subject.missing.items():
        absent.setdefault(expected.path, []).append(name)
    whole = {
        path: names
        for path, names in absent.items()
        if not any(taken.module == path for taken in subject.adapter.names.values())
    }
    groups: dict[str, list[str]] = {}
    for module in plan.modules:
        if module.path in whole:
            groups.setdefault(module.target, []).append(module.path)
    for target, paths in groups.items():
        explained = frozenset(name for path in paths for name in whole[path])
        if not explained:
            continue
        yield Finding(
            f"the file has no tensors for {plural(len(paths), 'layer')} that `{target}` targets: "
            f"{listed(paths)}",
            _place(subject, target),
            "save the adapter again, or target only what was trained",
            count=len(paths),
            explains=explained,
        )


def _place(subject: Subject, target: str) -> Location:
    targets = subject.config.target_modules if subject.config else None
    if isinstance(targets, list) and target in targets:
        return subject.value(f"/target_modules/{escape(str(targets.index(target)))}")
    return subject.value("/target_modules")


RULE = Rule("LC617", "missing-layers", "error", Noted([DIFFERENCE], check), __name__)
