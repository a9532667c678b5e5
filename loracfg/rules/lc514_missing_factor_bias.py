"""The config asks for a bias of B, but layers have none.

PEFT leaves the missing biases at zero; since 0.14 it warns of missing keys.

Fires:

    config {"lora_bias": true}

Passes:

    made with {"lora_bias": true}

Repair: set `lora_bias` to false if it was trained without, else save the adapter again.
"""

from __future__ import annotations

from loracfg.rules.noted import changed
from loracfg.rules.options import FACTOR_BIAS
from loracfg.rules.rule import Noted, Rule

check = Noted([changed(FACTOR_BIAS.field)], FACTOR_BIAS.missing)

RULE = Rule("LC514", "missing-factor-bias", "error", check, __name__)
