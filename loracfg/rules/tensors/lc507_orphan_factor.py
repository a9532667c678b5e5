"""A layer has one of its two factors, A without B or B without A.

The update of a layer is B times A. PEFT fills the missing factor with its start value, so the
layer contributes nothing, or noise; since 0.14 it warns of missing keys.

Fires:

    drop layers.1.self_attn.q_proj.lora_B

Fires:

    rename layers.1.self_attn.q_proj.lora_A -> layers.1.self_attn.q_prj.lora_A

Passes:

    drop layers.1.self_attn.q_proj

Repair: save the adapter again; the file was written or filtered incompletely. Where one factor has
another name, rename it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.intended_modules import intended_modules
from loracfg.analysis.phrases import listed, subject_of
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Renames, Tensors
from loracfg.rules.rule import Finding, Rule

_PAIRS: Final = (
    (Part.A, Part.B),
    (Part.B, Part.A),
    (Part.EMBEDDING_A, Part.EMBEDDING_B),
    (Part.EMBEDDING_B, Part.EMBEDDING_A),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Group layers by the factor that they lack, after those whose factors have two names."""
    if subject.adapter.table.is_even:
        return
    groups = {pair: _alone(subject, *pair) for pair in _PAIRS}
    apart = _apart(subject, groups.values())
    if apart:
        yield _under_two_names(subject, apart)
    for (has, lacks), found in groups.items():
        alone = {n: o for n, o in found.items() if n not in apart and o not in apart.values()}
        if not alone:
            continue
        name = next(iter(alone))
        yield Finding(
            f"{subject_of(len(alone), 'layer', 'have')} `{has}` but no `{lacks}`",
            subject.tensor(name),
            f"save the adapter again, with `{alone[name]}`",
            count=len(alone),
            data=Tensors(tuple(alone)),
            explains=frozenset((*alone, *alone.values())),
        )


def _alone(subject: Subject, has: Part, lacks: Part) -> dict[str, str]:
    """Return the factors that have no other, with the name of the one that they lack."""
    names, layers = subject.adapter.names, subject.adapter.table.layers
    return {
        layer.parts[has]: names[layer.parts[has]].bare.replace(has, lacks)
        for layer in subject.layers.values()
        if has in layer.parts and lacks not in layers[layer.path].parts
    }


def _apart(subject: Subject, groups: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return factors for modules that the base lacks, with the names that a layer lacks them by."""
    alone = {name: other for group in groups for name, other in group.items()}
    if len(alone) < 2:
        return {}
    lacking = set(alone.values())
    meant = [meant.names.items() for meant in intended_modules(subject).values()]
    return {n: new for names in meant for n, new in names if n in alone and new in lacking}


def _under_two_names(subject: Subject, apart: Mapping[str, str]) -> Finding:
    name, new = next(iter(apart.items()))
    taken = subject.adapter.names
    modules = list(dict.fromkeys(taken[one].module for one in apart))
    one = "its factors" if len(apart) == 1 else "their factors"
    return Finding(
        f"{subject_of(len(apart), 'layer', 'have')} {one} under two names, one of which "
        f"the base does not have: {listed(modules)}",
        subject.tensor(name),
        f"rename the tensors as the other factors are named, this one to `{new}`",
        count=len(apart),
        data=Renames(tuple(apart.items())),
        explains=frozenset((*apart, *apart.values())),
    )


RULE = Rule("LC507", "orphan-factor", "error", check, __name__)
