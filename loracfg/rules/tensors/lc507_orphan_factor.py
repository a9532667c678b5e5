"""A layer has only one of its two factors: A without B, or B without A.

The update of a layer is B times A. PEFT leaves the missing factor at its initial value, so the
layer contributes nothing, or noise; since 0.14 it warns about missing keys.

Fires:

    drop layers.1.self_attn.q_proj.lora_B

Fires:

    rename layers.1.self_attn.q_proj.lora_A -> layers.1.self_attn.q_prj.lora_A

Passes:

    drop layers.1.self_attn.q_proj

Repair: save the adapter again; the file was written or filtered incompletely. If one factor has a
different name, rename it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.intended_modules import intended_modules
from loracfg.analysis.noted import UNLIKE_PLAN
from loracfg.analysis.phrases import listed, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Renames, Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule

_PAIRS: Final = (
    (Part.A, Part.B),
    (Part.B, Part.A),
    (Part.EMBEDDING_A, Part.EMBEDDING_B),
    (Part.EMBEDDING_B, Part.EMBEDDING_A),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Report misnamed factors, then the other layers by the factor that is missing."""
    if subject.adapter.table.is_even:
        return
    groups = {pair: _unpaired(subject, *pair) for pair in _PAIRS}
    misnamed = _misnamed(subject, groups.values())
    if misnamed:
        yield _finding_of_misnamed(subject, misnamed)
    loaded = subject.plan.file_names if subject.plan else ()
    explained = {*misnamed.values(), *subject.explained, *loaded}
    for (present, missing), factors in groups.items():
        unpaired = {n: o for n, o in factors.items() if n not in misnamed and o not in explained}
        if not unpaired:
            continue
        name = next(iter(unpaired))
        yield Finding(
            f"{with_verb(len(unpaired), 'layer', 'have')} `{present}` but no `{missing}`",
            subject.tensor(name),
            f"save the adapter again with `{unpaired[name]}`",
            count=len(unpaired),
            data=Tensors(tuple(unpaired)),
            explains=frozenset((*unpaired, *unpaired.values())),
        )


def _unpaired(subject: Subject, present: Part, missing: Part) -> dict[str, str]:
    """Map each factor without a counterpart to the name of the missing one."""
    names, layers = subject.adapter.names, subject.adapter.table.layers
    return {
        layer.parts[present]: names[layer.parts[present]].bare.replace(present, missing)
        for layer in subject.layers.values()
        if present in layer.parts and missing not in layers[layer.path].parts
    }


def _misnamed(subject: Subject, groups: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Map factors of modules that are not in the base to the missing names that they fit."""
    unpaired = {name: other for group in groups for name, other in group.items()}
    if len(unpaired) < 2:
        return {}
    missing = set(unpaired.values())
    renames = [module.names.items() for module in intended_modules(subject).values()]
    return {n: new for names in renames for n, new in names if n in unpaired and new in missing}


def _finding_of_misnamed(subject: Subject, misnamed: Mapping[str, str]) -> Finding:
    name, new = next(iter(misnamed.items()))
    names = subject.adapter.names
    modules = list(dict.fromkeys(names[old].module for old in misnamed))
    factors = "its factors" if len(misnamed) == 1 else "their factors"
    return Finding(
        f"{with_verb(len(misnamed), 'layer', 'have')} {factors} under two names, one of which "
        f"the base does not have: {listed(modules)}",
        subject.tensor(name),
        f"rename the tensors like the other factors, this one to `{new}`",
        count=len(misnamed),
        data=Renames(tuple(misnamed.items())),
        explains=frozenset((*misnamed, *misnamed.values())),
    )


RULE = Rule("LC507", "orphan-factor", "error", GatedCheck([UNLIKE_PLAN], check), __name__)
