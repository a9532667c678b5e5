"""`init_lora_weights` is LoftQ, but `loftq_config` is empty.

PEFT raises a `ValueError`, also when it loads the adapter, because it quantises the base again.

Fires:

    config {"init_lora_weights": "loftq"}

Passes:

    made with {"init_lora_weights": "loftq", "loftq_config": {"loftq_bits": 4, "loftq_iter": 1}}

Repair: set `loftq_config` to the value used in training.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting("loftq-without-config", "set `loftq_config` to the value used in training")

RULE = Rule("LC305", "loftq-without-config", "error", check, __name__)
