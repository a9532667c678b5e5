"""The weights are split into several files.

PEFT reads a single file and does not support an index, so it finds no weights. Tools that save an
adapter like a whole model split it above a certain size.

Fires:

    weights none
    file adapter_model-00001-of-00002.safetensors x
    file adapter_model-00002-of-00002.safetensors x

Passes:

    file model-00001-of-00002.safetensors x

Repair: put all tensors into one `adapter_model.safetensors`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.folder_files import names, shards
from loracfg.analysis.noted import OTHER_FILES
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.rules.kinds.files import files_finding
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for the parts of a weight file if there is no whole one."""
    adapter = subject.adapter
    parts = shards(adapter.files)
    if adapter.weights is None and CONFIG_NAME in adapter.files:
        message = f"the weights are split into parts, which PEFT does not read: {names(parts)}"
        advice = "put all tensors into one `adapter_model.safetensors`"
        yield from files_finding(parts, message, advice)


RULE = Rule("LC403", "sharded-weights", "error", GatedCheck([OTHER_FILES], check), __name__)
