"""The config targets only one of two layers that the base stores as one parameter.

Transformers 5 keeps the gate and up projections of all experts in one parameter. PEFT 0.19+
converts targets that name the separate layers, and raises an error if one of the two is missing.

Fires:

    base {"experts": 2}
    config {"target_modules": ["q_proj", "v_proj", "gate_proj"]}

Passes:

    made with {"target_modules": ["gate_proj"]}

Repair: list both projections in `target_modules`.
"""

from __future__ import annotations

from loracfg.rules.kinds.failures import reporting_failures
from loracfg.rules.rule import Rule

check = reporting_failures("partial-experts", "list both projections in `target_modules`")

RULE = Rule("LC612", "partial-experts", "error", check, __name__)
