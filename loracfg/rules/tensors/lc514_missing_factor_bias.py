"""The config enables a bias for B, but layers have none.

PEFT leaves the missing biases at zero; since 0.14 it warns about missing keys.

Fires:

    config {"lora_bias": true}

Passes:

    made with {"lora_bias": true}

Repair: set `lora_bias` to false if no biases were trained; otherwise save the adapter again.
"""

from __future__ import annotations

from loracfg.analysis.config_options import FACTOR_BIAS
from loracfg.rules.kinds.option_tensors import reporting_missing
from loracfg.rules.rule import Rule

check = reporting_missing(FACTOR_BIAS)

RULE = Rule("LC514", "missing-factor-bias", "error", check, __name__)
