r"""`adapter_model.bin` holds values beside its tensors.

PEFT passes over them. They may be settings that were meant to count, such as a step or an alpha.

Fires:

    weights pickled X\x05\x00\x00\x00alphaK\x10

Passes:

    weights pickled

Repair: load the adapter with PEFT and save it again; look whether the values are in the config.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC408", "extra-pickled-values", "warning", reporting("pickle-extra-values"), __name__)
