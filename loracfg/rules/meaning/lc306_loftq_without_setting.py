"""`loftq_config` is missing a setting that PEFT needs to quantise the base again.

When PEFT loads the adapter, it reads `loftq_bits` and `loftq_iter` without a default and raises a
`KeyError`.

Fires:

    config {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 4}}

Passes:

    made with {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 4, "loftq_iter": 1}}

Repair: set both.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting("loftq-without-setting", "set `loftq_bits` and `loftq_iter`")

RULE = Rule("LC306", "loftq-without-setting", "error", check, __name__)
