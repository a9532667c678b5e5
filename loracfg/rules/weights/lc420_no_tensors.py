"""The weight file has a sound header, but no tensors.

PEFT loads the adapter, warns of missing keys since 0.14, and serves the base model. The training
may have run well: the state dict was empty when it was saved, because of a patched `state_dict`
method, parameters that were not gathered, or a wrapper that was saved in the model's place. The
file has some 40 to 900 bytes.

Fires:

    weights header {"__metadata__": {"format": "pt"}}

Fires:

    drop .

Passes:

    made with {"target_modules": ["q_proj"]}

Repair: save the adapter again from the process that trained it, with `save_pretrained` and without
a `state_dict` of your own.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FolderFiles
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for a header without entries."""
    adapter = subject.adapter
    if adapter.header is None or adapter.shapes or adapter.weights is None:
        return
    yield Finding(
        f"`{adapter.weights}` holds no tensors: an empty state dict was saved",
        Location(adapter.weights),
        "save the adapter again from the process that trained it",
        data=FolderFiles((adapter.weights,)),
        explains=frozenset(subject.missing),
    )


RULE = Rule("LC420", "no-tensors", "error", check, __name__)
