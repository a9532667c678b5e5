"""An object in the config has the same key more than once.

Python's `json`, and so PEFT, uses the last value. Other readers use the first, or reject the file.
Only one of the values can be the intended one.

Fires:

    config text {"peft_type": "LORA", "lora_alpha": 8, "r": 8, "r": 4}

Passes:

    config {"rank_pattern": {"q_proj": 4, "v_proj": 4}}

Repair: keep one of them.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC016", "duplicate-key", "warning", reporting("duplicate-key"), __name__)
