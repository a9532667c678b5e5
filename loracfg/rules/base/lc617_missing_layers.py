"""Layers that the config targets have no tensors in the file.

PEFT leaves their factors at their initial values, where they contribute nothing; PEFT 0.14+ warns
about missing keys. The file was filtered or saved incompletely, or the config names more targets
than were trained. If only the last layers of the base have no tensors, the adapter was trained on a
base with fewer layers.

Fires:

    config {"target_modules": ["q_proj", "v_proj", "k_proj", "o_proj"]}

Fires:

    drop layers.1

Fires:

    drop layers.0

Fires:

    base {"layers": 5}

Fires:

    made with {"target_modules": "model.*q_proj"}
    config {"target_modules": ["q_proj"]}
    base {"vision": 1}

Passes:

    made with {"target_modules": ["q_proj", "v_proj", "o_proj"]}

Repair: save the adapter again, list only what was trained in `target_modules`, or pass the base
that it was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loracfg.analysis.missing_layers import MissingLayers, missing_layers
from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import listed, pattern_of_part, plural
from loracfg.analysis.subject import Subject
from loracfg.base.towers import is_within, parts_of
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report adapted modules that have no tensors, grouped by their layers in the base."""
    return (_finding(subject, missing) for missing in missing_layers(subject))


def _finding(subject: Subject, missing: MissingLayers) -> Finding:
    paths, targets, depth = missing.paths, missing.targets, missing.depth
    if depth:
        message = (
            f"the file has tensors for the first `{depth.trained}` of the `{depth.layers}` layers "
            f"of the base, but none for {listed(paths)}"
        )
        advice = f"pass the base with {plural(depth.trained, 'layer')}, or save the adapter again"
    else:
        verb = "target" if len(targets) > 1 else "targets"
        message = (
            f"the file has no tensors for {plural(len(paths), 'layer')} that {listed(targets)} "
            f"{verb}: {listed(paths)}"
        )
        advice = _advice(subject, paths)
    place = _place(subject, targets)
    return Finding(message, place, advice, count=len(paths), explains=missing.tensors, data=missing)


def _advice(subject: Subject, paths: Sequence[str]) -> str:
    assert subject.tree is not None
    parts = parts_of(subject.tree)
    part = parts.other_of(paths[0]) if parts else None
    if part is None or not all(is_within(path, part) for path in paths):
        return "save the adapter again, or target only what was trained"
    if any(is_within(path, part) for path in subject.adapter.module_paths):
        return "save the adapter again"
    pattern = pattern_of_part(part)
    return f"if `{part}` was not trained, leave it out with `exclude_modules` set to `{pattern}`"


def _place(subject: Subject, names: Sequence[str]) -> Location:
    targets = subject.config.target_modules if subject.config else None
    name, *others = names
    if isinstance(targets, list) and name in targets and not others:
        return subject.value(f"/target_modules/{targets.index(name)}")
    return subject.value("/target_modules")


RULE = Rule("LC617", "missing-layers", "error", GatedCheck([DIFFERENCE], check), __name__)
