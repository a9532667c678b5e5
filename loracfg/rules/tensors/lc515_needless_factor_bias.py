"""Layers have a bias for B, but the config does not enable it.

PEFT silently ignores the biases, so the adapter does not compute what was trained.

Fires:

    made with {"lora_bias": true}
    config {"lora_bias": false}

Passes:

    made with {"lora_bias": true}

Repair: set `lora_bias` to true.
"""

from __future__ import annotations

from loracfg.analysis.config_options import FACTOR_BIAS
from loracfg.rules.kinds.option_tensors import reporting_needless
from loracfg.rules.rule import Rule

check = reporting_needless(FACTOR_BIAS)

RULE = Rule("LC515", "needless-factor-bias", "error", check, __name__)
