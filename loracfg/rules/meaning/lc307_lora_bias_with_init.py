"""`lora_bias` is set together with an initialisation that has no bias.

PEFT raises a `ValueError` since 0.14: only the plain ones, `true` and `false`, go with it.

Fires:

    made with {"lora_bias": true}
    config {"init_lora_weights": "gaussian"}

Passes:

    made with {"lora_bias": true, "init_lora_weights": false}

Repair: set `init_lora_weights` to `true`; the tensors replace what it makes.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "lora-bias-with-init", "set `init_lora_weights` to `true`; the tensors replace what it makes"
)

RULE = Rule("LC307", "lora-bias-with-init", "error", check, __name__)
