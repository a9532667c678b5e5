"""`adapter_model.bin` is cut off or damaged.

Neither the pickle nor the archive around it can be read to the end. PEFT fails on it too.

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
