"""Layers have a bias of B, but the config does not ask for one.

PEFT ignores the biases without a word, so the adapter computes something else than was trained.

Fires:

    made with {"lora_bias": true}
    config {"lora_bias": false}

Passes:

    made with {"lora_bias": true}

Repair: set `lora_bias` to true.
"""

from __future__ import annotations

from loracfg.adapter.names import Part
from loracfg.rules.options import needless_part
from loracfg.rules.rule import Rule

check = needless_part("lora_bias", Part.BIAS, "lora_B.bias", lambda config: config.lora_bias)

RULE = Rule("LC515", "needless-factor-bias", "error", check, __name__)
