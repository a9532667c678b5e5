"""Something else has the name of a file that PEFT reads: a folder, a pipe, a device, a dead link.

It is never opened, since a pipe without a writer keeps its reader waiting for ever. PEFT opens what
has the name, and fails or waits. A link to nothing is what a cache leaves from which files were
removed, or an archive into which only the link was packed.

Fires:

    config none
    file adapter_config.json/ x

Fires:

    weights none
    file adapter_model.safetensors/ x

Passes:

    file adapter_model.bin/ x

Repair: put the file itself in its place.
"""

from __future__ import annotations

from loracfg.adapter.directory import NOT_A_FILE
from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC007", "not-a-file", "error", reporting(NOT_A_FILE), __name__)
