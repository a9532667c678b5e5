r"""Tensor names hold a step that a wrapper of PyTorch puts there, such as `_orig_mod`.

`torch.compile` puts `_orig_mod` into the names of what it wraps, FSDP `_fsdp_wrapped_module` and
activation checkpointing `_checkpoint_wrapped_module`. The names of the loaded model do not have
them, so PEFT finds none of these tensors and serves the base model; since 0.14 it warns of missing
keys.

Fires:

    rename ^base_model\.model\. -> base_model.model._orig_mod.

Fires:

    rename ^base_model\.model\.(.*)\.self_attn -> _fsdp_wrapped_module.\g<0>._fsdp_wrapped_module

Passes:

    made with {"r": 2}

Repair: rename the tensors without these steps, and save the model that was wrapped
(`model._orig_mod`), or its full state dict, next time.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import WRAPPERS, as_saved, without_wrappers, wrappers_in
from loracfg.analysis.noted import WRAPPED_NAME
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Renames
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find names with the steps of wrappers."""
    found = [name for name in subject.adapter.table.wrapped if name in subject.open_names]
    if not found:
        return
    repaired = [without_wrappers(name) for name in found]
    marks = dict.fromkeys(mark for name in found for mark in wrappers_in(name))
    by = WRAPPERS[next(iter(marks))] if len(marks) == 1 else "wrappers"
    yield Finding(
        f"the names of {plural(len(found), 'tensor')} hold {listed(marks)}, put there by {by}",
        subject.tensor(found[0]),
        f"rename the tensors without {listed(marks)}, this one to `{repaired[0]}`",
        count=len(found),
        explains=frozenset((*found, *repaired, *map(as_saved, repaired))),
        data=Renames(tuple(zip(found, repaired, strict=True))),
    )


RULE = Rule("LC500", "wrapper-in-names", "error", Noted([WRAPPED_NAME], check), __name__)
