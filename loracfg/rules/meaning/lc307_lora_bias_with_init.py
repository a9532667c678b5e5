"""`lora_bias` is set together with an initialisation that does not support it.

PEFT 0.14+ raises a `ValueError`: `lora_bias` needs `init_lora_weights` to be `true` or `false`.

Fires:

    made with {"lora_bias": true}
    config {"init_lora_weights": "gaussian"}

Passes:

    made with {"lora_bias": true, "init_lora_weights": false}

Repair: set `init_lora_weights` to `true`. The tensors in the file replace the initial values.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "lora-bias-with-init",
    "set `init_lora_weights` to `true`; the tensors in the file replace the initial values",
)

RULE = Rule("LC307", "lora-bias-with-init", "error", check, __name__)
