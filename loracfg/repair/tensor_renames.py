"""Repairs of tensor names."""

from __future__ import annotations

import re
from typing import Final

from loracfg.adapter.tensor_names import Part, parse_name, without_wrappers, wrappers_in
from loracfg.analysis.misnamed import names_in_wrapper, renames_by_problem, renames_for_base
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.saved_modules import copied_embeddings
from loracfg.analysis.subject import Subject
from loracfg.base.from_checkpoint.as_loaded import has_module
from loracfg.repair.change import Change, names_of, renaming
from loracfg.repair.draft import Draft
from loracfg.rules.rule import Finding

_FACTORS: Final = frozenset({Part.A, Part.B, Part.BIAS})
_WRAPPER: Final = r"\.(?:original_module|modules_to_save)(?=\.|$)"
_ONLY_NAMES = "only names change, and PEFT takes the new ones for the same modules"


def unwrapped(subject: Subject, finding: Finding, draft: Draft) -> Change | None:
    """Take out what `torch.compile`, FSDP and checkpointing put into names (LC500)."""
    names = {n: without_wrappers(n) for n in names_of(finding, subject)}
    marks = dict.fromkeys(mark for name in names for mark in wrappers_in(name))
    title = f"takes {listed(marks)} out of the names of {plural(len(names), 'tensor')}"
    return renaming(draft, names, title, safe=True, why=_ONLY_NAMES)


def with_prefix(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Give names the prefix `base_model.model.`, once and at their beginning (LC502)."""
    names = {old: new for group in renames_by_problem(subject).values() for old, new in group}
    base, planned = subject.tree, subject.plan.shapes if subject.plan else {}
    known = base is not None and all(
        new in planned or has_module(base, _without_wrapper(parse_name(new).module))
        for new in names.values()
    )
    title = f"puts `base_model.model.` before the names of {plural(len(names), 'tensor')}"
    why = "the base lacks modules of the new names" if base else "only a base shows its modules"
    why = _ONLY_NAMES if known else why
    return renaming(draft, names, title, safe=known, why=why)


def _without_wrapper(module: str) -> str:
    """Return the path of a module, of which another one may be the copy that is saved whole."""
    return re.sub(_WRAPPER, "", module)


def without_adapter_name(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Take the name of the adapter out of names (LC505, LC506)."""
    own, taken = subject.adapter.table.adapters, subject.adapter.names
    adapters = {one.adapter for one in own.values()}
    if len(adapters) != 1:
        return None  # the file holds two adapters, or parts of them
    names = {name: one.bare for name, one in own.items()}
    title = (
        f"takes the adapter name `{adapters.pop()}` out of the names of "
        f"{plural(len(names), 'tensor')}"
    )
    parts = _FACTORS.union(one.part for one in own.values() if one.is_adapter)
    bare = next((n for n, one in taken.items() if one.part in parts and n not in names), None)
    why = f"`{bare}` has no such name, so it may be another adapter's" if bare else _ONLY_NAMES
    return renaming(draft, names, title, safe=bare is None, why=why)


def out_of_wrapper(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Take the step `modules_to_save` out of the names of saved modules (LC616)."""
    names = names_in_wrapper(subject)
    title = f"takes `modules_to_save` out of the names of {plural(len(names), 'tensor')}"
    return renaming(draft, names, title, safe=True, why=_ONLY_NAMES)


def for_class(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Give modules the paths that they have in the base (LC602)."""
    found = renames_for_base(subject)
    if found is None:
        return None
    other = subject.other_fit
    why = (
        f"it fits a {other.shown} as it is"
        if other
        else "each module has one place in the base, with the sizes of its tensors"
    )
    title = f"renames {plural(len(found.names), 'tensor')}: {found.renaming}"
    return renaming(draft, found.names, title, safe=other is None, why=why)


def of_newest_layout(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Give modules the names of transformers 5 (LC622)."""
    spelt = subject.plan.spelt if subject.plan else {}
    names = {old: new for new, old in spelt.items()}
    title = f"renames {plural(len(names), 'tensor')} as transformers 5 names them"
    why = "transformers 4, and PEFT before 0.19, know the old names only"
    return renaming(draft, names, title, safe=False, why=why)


def without_stray(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Drop the tensors that nothing takes (LC691)."""
    names = [name for name in subject.unexpected if draft.tensors and name in draft.tensors]
    if not names:
        return None
    title = f"drops {plural(len(names), 'tensor')} that PEFT does not load"
    why = "if they were trained, what they hold is lost"
    return Change(draft.without(names), title, False, why)


def without_copies(subject: Subject, _: Finding, draft: Draft) -> Change | None:
    """Drop embeddings of the base that the config does not train (LC630)."""
    names = list(copied_embeddings(subject))
    if draft.tensors is None or not draft.tensors.keys() >= set(names):
        return None
    title = f"drops {plural(len(names), 'tensor')} of whole embeddings"
    why = "if they were trained by other means than the config tells, that is lost"
    return Change(draft.without(names), title, False, why)
