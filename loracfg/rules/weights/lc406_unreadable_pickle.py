"""`adapter_model.bin` is cut off or damaged.

The pickle or the archive around it cannot be read to the end, or it has something that torch
rejects: a record outside the archive's folder, an unknown byte order, version or alignment, a name
that is not UTF-8, or only one part of a split archive. PEFT fails on it too.

Fires:

    weights pickled
    weights cut 40

Passes:

    weights pickled

Repair: download or copy the file again.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC406", "unreadable-pickle", "error", reporting("pickle-unreadable"), __name__)
