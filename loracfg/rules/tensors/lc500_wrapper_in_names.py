r"""Tensor names contain a component from a PyTorch wrapper, such as `_orig_mod`.

`torch.compile` adds `_orig_mod` to the names of what it wraps, FSDP adds `_fsdp_wrapped_module`,
and activation checkpointing adds `_checkpoint_wrapped_module`. The loaded model does not have these
names, so PEFT finds none of the tensors and serves the base model; since 0.14 it warns about
missing keys.

Fires:

    rename ^base_model\.model\. -> base_model.model._orig_mod.

Fires:

    rename ^base_model\.model\.(.*)\.self_attn -> _fsdp_wrapped_module.\g<0>._fsdp_wrapped_module

Passes:

    made with {"r": 2}

Repair: rename the tensors without these components. Next time, save the unwrapped model
(`model._orig_mod`) or its full state dict.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import WRAPPERS, as_saved, without_wrappers, wrappers_in
from loracfg.analysis.noted import WRAPPED_NAME
from loracfg.analysis.phrases import listed, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Renames
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find names with components from wrappers."""
    found = [name for name in subject.adapter.table.wrapped if name in subject.open_names]
    if not found:
        return
    repaired = [without_wrappers(name) for name in found]
    marks = dict.fromkeys(mark for name in found for mark in wrappers_in(name))
    wrapper = WRAPPERS[next(iter(marks))] if len(marks) == 1 else "wrappers"
    names = "its name" if len(found) == 1 else "their names"
    yield Finding(
        f"{with_verb(len(found), 'tensor', 'have')} {listed(marks)} in {names}, added by {wrapper}",
        subject.tensor(found[0]),
        f"rename the tensors without {listed(marks)}, this one to `{repaired[0]}`",
        count=len(found),
        explains=frozenset((*found, *repaired, *map(as_saved, repaired))),
        data=Renames(tuple(zip(found, repaired, strict=True))),
    )


RULE = Rule("LC500", "wrapper-in-names", "error", GatedCheck([WRAPPED_NAME], check), __name__)
