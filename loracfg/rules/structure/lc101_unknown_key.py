"""The config has a key that the newest PEFT does not know.

PEFT 0.15+ warns and ignores it; 0.6 to 0.13 raise a `TypeError`. A newer PEFT may have written it:
if the key changes what the adapter computes, the result differs from the trained one. PEFT drops
unknown keys in nested configs without a warning.

Fires:

    config {"learning_rate": 0.0002}

Fires:

    config {"eva_config": {"rho": 2.0, "momentum": 0.9}}

Passes:

    config {"lora_alpha": 16}

Repair: remove the key, or load the adapter with a release that knows it.
"""

from __future__ import annotations

from loracfg.rules.kinds.other_method import reporting_keys
from loracfg.rules.rule import Rule

RULE = Rule("LC101", "unknown-key", "warning", reporting_keys("unknown-key"), __name__)
