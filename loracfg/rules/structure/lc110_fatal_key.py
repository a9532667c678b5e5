"""`monteclora_config` has a key that its class does not have.

For this config alone, PEFT 0.20 and 0.21 try again with the same keys until Python's stack
overflows with a `RecursionError`. Unknown keys in other nested configs are ignored.

Fires:

    made with {"monteclora_config": {"num_samples": 8}}
    config {"monteclora_config": {"num_samples": 8, "samples": 8}}

Passes:

    made with {"monteclora_config": {"num_samples": 8}}

Repair: remove the key.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC110", "fatal-key", "error", reporting("fatal-key"), __name__)
