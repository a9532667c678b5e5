"""The weight file has a valid header, but no tensors.

PEFT loads the adapter, warns about missing keys since 0.14, and serves the base model. Training may
have worked: the state dict was empty when it was saved, because of a patched `state_dict` method,
parameters that were not gathered, or a wrapper that was saved instead of the model. Such files
usually have 40 to 900 bytes.

Fires:

    weights header {"__metadata__": {"format": "pt"}}

Fires:

    drop .

Passes:

    made with {"target_modules": ["q_proj"]}

Repair: save the adapter again from the process that trained it, with `save_pretrained` and without
your own `state_dict`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import EMPTY
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FolderFiles
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for a header without tensors."""
    adapter = subject.adapter
    if adapter.header is None or adapter.shapes or adapter.weights is None:
        return
    yield Finding(
        f"`{adapter.weights}` has no tensors: an empty state dict was saved",
        Location(adapter.weights),
        "save the adapter again from the process that trained it",
        data=FolderFiles((adapter.weights,)),
        explains=frozenset(subject.missing),
    )


RULE = Rule("LC420", "no-tensors", "error", GatedCheck([EMPTY], check), __name__)
