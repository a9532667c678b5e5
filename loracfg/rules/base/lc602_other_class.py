r"""The tensors fit another class of the base model than the one that is used.

Classes of one model differ in where they keep their layers: a bare model, one with a head, one
that wraps it with an image encoder, and releases of transformers rename some. PEFT looks tensors
up by whole names, finds none, and serves the base model; since 0.14 it warns of missing keys. This
is the silent failure that is reported most.

Fires:

    base {"class": "LlamaForCausalLM"}
    rename model\.model\. -> model.

Passes:

    made with {"target_modules": ["q_proj", "v_proj"]}

Repair: load the adapter with the class and the release of transformers that it was trained on, or
rename its tensors.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.misnamed import OtherClass, lost_tensors, renames_for_base
from loracfg.analysis.noted import LOST
from loracfg.analysis.phrases import plural
from loracfg.analysis.renames import Renaming
from loracfg.analysis.subject import Subject
from loracfg.analysis.tasks import loading_advice
from loracfg.base.catalogue.index import LAYOUTS
from loracfg.base.search import Fit
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find a class, or changes of prefixes, that explain every module path at once."""
    names = lost_tensors(subject)
    if not names:
        return
    better, renamed = subject.other_fit, renames_for_base(subject)
    if better is None and renamed is None:
        return
    renaming = renamed.renaming if renamed else None
    moved = renamed.names if renamed else {}
    yield Finding(
        _message(subject, better),
        subject.tensor(min(names)),
        _help(better, renaming, subject),
        count=len(names),
        explains=names.union(moved, moved.values(), _missing(subject, renaming)),
        data=OtherClass(
            better.shown if better else None, str(renaming) if renaming else None, (*moved.items(),)
        ),
    )


def _message(subject: Subject, better: Fit | None) -> str:
    base, lost = subject.tree, len(subject.lost_paths)
    assert base is not None
    total = len(subject.adapter.module_paths)
    used = f"`{base.class_name}`"
    if better:
        used += f" of transformers {LAYOUTS[0]}" if better.layout else ""
        fewer = f"{total - lost} fit" if lost < total else "none fits"
        all_fit = (
            f"the names of all {total} modules fit" if total > 1 else "the name of 1 module fits"
        )
        return f"{all_fit} {better.shown}, {fewer} {used}"
    if lost < total:
        return f"{lost} of {plural(total, 'module')} are not in {used} under their names"
    return f"none of {plural(total, 'module')} is in {used} under its name"


def _help(better: Fit | None, renaming: Renaming | None, subject: Subject) -> str:
    change = f"rename its tensors: {renaming} would map all of them" if renaming else ""
    if better is None:
        return f"load it with the class and the transformers it was trained on, or {change}"
    load = loading_advice(subject, better, "the adapter")
    return f"{load}, or {change}" if change else load


def _missing(subject: Subject, renaming: Renaming | None) -> frozenset[str]:
    """Return the expected tensors that the file has under other names."""
    if renaming and len(renaming.paths) < len(subject.adapter.module_paths):
        taken = set(renaming.paths.values())
        return frozenset(name for name, one in subject.missing.items() if one.path in taken)
    return frozenset(subject.missing)


RULE = Rule("LC602", "other-class", "error", Noted([LOST], check), __name__)
