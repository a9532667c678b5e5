r"""The tensors fit a different class of the base model than the one in use.

The classes of a model keep the same layers under different names: the bare model, the model with a
head, and the class that wraps it with an image encoder. Releases of transformers also rename some.
PEFT looks tensors up by their full names, finds none, and serves the base model; PEFT 0.14+ warns
about missing keys. This is the silent failure that is reported most often.

Fires:

    base {"class": "LlamaForCausalLM"}
    rename model\.model\. -> model.

Passes:

    made with {"target_modules": ["q_proj", "v_proj"]}

Repair: load the adapter with the class and the transformers release that it was trained with, or
rename its tensors.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.misnamed import OtherClass, lost_tensors, renames_for_base
from loracfg.analysis.noted import LOST
from loracfg.analysis.renames import Renaming
from loracfg.analysis.subject import Subject
from loracfg.analysis.tasks import loading_advice
from loracfg.base.catalogue.index import LAYOUTS
from loracfg.base.search import Fit
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find a class or a change of prefixes that explains all module paths at once."""
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
        fit = total - lost
        fewer = f"only {fit} {'fits' if fit == 1 else 'fit'}" if fit else "none fits"
        all_fit = (
            f"the names of all {total} modules fit" if total > 1 else "the name of 1 module fits"
        )
        return f"{all_fit} {better.shown}, but {fewer} {used}"
    if total == 1:
        return f"the only module is not in {used} under its name"
    if lost == total:
        return f"none of {total} modules is in {used} under its name"
    end = "is not in {} under its name" if lost == 1 else "are not in {} under their names"
    return f"{lost} of {total} modules {end.format(used)}"


def _help(better: Fit | None, renaming: Renaming | None, subject: Subject) -> str:
    change = f"rename its tensors: {renaming} maps all of them" if renaming else ""
    if better is None:
        return (
            f"load it with the class and transformers release that it was trained with, or {change}"
        )
    load = loading_advice(subject, better, "the adapter")
    return f"{load}, or {change}" if change else load


def _missing(subject: Subject, renaming: Renaming | None) -> frozenset[str]:
    """Return the expected tensors that the file has under other names."""
    if renaming and len(renaming.paths) < len(subject.adapter.module_paths):
        taken = set(renaming.paths.values())
        return frozenset(name for name, one in subject.missing.items() if one.path in taken)
    return frozenset(subject.missing)


RULE = Rule("LC602", "other-class", "error", GatedCheck([LOST], check), __name__)
