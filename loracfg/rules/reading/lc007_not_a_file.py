"""One of the files that PEFT reads is really a folder, a pipe, a device or a dead link.

loracfg never opens it, since reading from a pipe that nobody writes to waits forever. PEFT opens
it, and fails or waits. Dead links come from a cache whose files were removed, or from an archive
that was packed with the link instead of the file.

Fires:

    config none
    file adapter_config.json/ x

Fires:

    weights none
    file adapter_model.safetensors/ x

Passes:

    file adapter_model.bin/ x

Repair: replace it with the file itself.
"""

from __future__ import annotations

from loracfg.adapter.directory import NOT_A_FILE
from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC007", "not-a-file", "error", reporting(NOT_A_FILE), __name__)
