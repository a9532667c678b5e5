"""Repairs of tensor names."""

from __future__ import annotations

import re
from typing import Final

from loracfg.adapter.tensor_names import Part, parse_name, wrappers_in
from loracfg.analysis.misnamed import AdapterName, MisplacedNames, OtherClass, SavedModules
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.base.from_checkpoint.as_loaded import has_module
from loracfg.repair.change import Change, drop_change, rename_change
from loracfg.repair.draft import Draft
from loracfg.report.evidence import Renames, Tensors

_FACTORS: Final = frozenset({Part.A, Part.B, Part.BIAS})
_WRAPPER: Final = r"\.(?:original_module|modules_to_save)(?=\.|$)"
_ONLY_NAMES = "only names change, and they refer to the same modules"


def remove_wrapper_marks(_: Subject, found: Renames, draft: Draft) -> Change | None:
    """Remove what `torch.compile`, FSDP and checkpointing added to names (LC500)."""
    names = dict(found.names)
    marks = dict.fromkeys(mark for name in names for mark in wrappers_in(name))
    title = f"remove {listed(marks)} from the names of {plural(len(names), 'tensor')}"
    return rename_change(draft, names, title, safe=True, why=_ONLY_NAMES)


def add_prefix(subject: Subject, found: MisplacedNames, draft: Draft) -> Change | None:
    """Make names begin with the prefix `base_model.model.` exactly once (LC502)."""
    names = dict(found.all_names)
    base, planned = subject.tree, subject.plan.shapes if subject.plan else {}
    known = base is not None and all(
        new in planned or has_module(base, _without_wrapper(parse_name(new).module))
        for new in names.values()
    )
    title = f"make the names of {plural(len(names), 'tensor')} begin with `base_model.model.`"
    why = (
        "the base has no modules with the new names" if base else "without a base, this is a guess"
    )
    why = _ONLY_NAMES if known else why
    return rename_change(draft, names, title, safe=known, why=why)


def _without_wrapper(module: str) -> str:
    """Return the path of a module without the steps of PEFT's wrapper for saved modules."""
    return re.sub(_WRAPPER, "", module)


def remove_adapter_name(subject: Subject, found: AdapterName, draft: Draft) -> Change | None:
    """Remove the adapter's name from tensor names (LC505, LC506)."""
    if not found.is_only:
        return None  # the file has two adapters, or parts of two
    own, names = subject.adapter.names, dict(found.names)
    title = (
        f"remove the adapter name `{found.adapter}` from the names of "
        f"{plural(len(names), 'tensor')}"
    )
    parts = _FACTORS.union(own[name].part for name in names if own[name].is_adapter)
    bare = next((n for n, one in own.items() if one.part in parts and n not in names), None)
    is_mixed = f"`{bare}` does not have it, so it may belong to another adapter"
    why = is_mixed if bare else _ONLY_NAMES
    return rename_change(draft, names, title, safe=bare is None, why=why)


def remove_wrapper_step(_: Subject, found: SavedModules, draft: Draft) -> Change | None:
    """Remove `modules_to_save` from the names of saved modules (LC616)."""
    names = dict(found.misnamed)
    title = f"remove `modules_to_save` from the names of {plural(len(names), 'tensor')}"
    return rename_change(draft, names, title, safe=True, why=_ONLY_NAMES)


def rename_for_base(_: Subject, found: OtherClass, draft: Draft) -> Change | None:
    """Rename modules to their paths in the base (LC602)."""
    names = dict(found.names)
    why = (
        f"the adapter already fits a {found.fits}"
        if found.fits
        else "each module has exactly one place in the base, with matching sizes"
    )
    title = f"rename {plural(len(names), 'tensor')}: {found.renaming}"
    return rename_change(draft, names, title, safe=found.fits is None, why=why)


def rename_to_newest_layout(_: Subject, found: Renames, draft: Draft) -> Change | None:
    """Rename modules as in transformers 5 (LC622)."""
    names = dict(found.names)
    title = f"rename {plural(len(names), 'tensor')} as in transformers 5"
    why = "transformers 4 and PEFT before 0.19 only know the old names"
    return rename_change(draft, names, title, safe=False, why=why)


def drop_stray_tensors(_: Subject, found: Tensors, draft: Draft) -> Change | None:
    """Drop the tensors that PEFT does not load (LC691)."""
    title = f"drop {plural(len(found.names), 'tensor')} that PEFT does not load"
    return drop_change(draft, found.names, title, "if they were trained, that is lost")


def drop_embedding_copies(_: Subject, found: Tensors, draft: Draft) -> Change | None:
    """Drop embeddings of the base that the config does not train (LC630)."""
    title = f"drop {plural(len(found.names), 'tensor')} of whole embeddings"
    why = "if they were trained in a way that the config does not show, that is lost"
    return drop_change(draft, found.names, title, why)
