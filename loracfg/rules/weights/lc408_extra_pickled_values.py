r"""`adapter_model.bin` has values that are not tensors.

PEFT ignores them. They may be settings that matter, such as an alpha.

Fires:

    weights pickled X\x05\x00\x00\x00alphaK\x10

Passes:

    weights pickled

Repair: check that the config has these values, then load the adapter with PEFT and save it again.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC408", "extra-pickled-values", "warning", reporting("pickle-extra-values"), __name__)
