"""An object of the config names a key more than once.

Python's `json`, and PEFT with it, takes the last value; other readers take the first, or refuse the
file. One of the values was not meant to count.

Fires:

    config text {"peft_type": "LORA", "lora_alpha": 8, "r": 8, "r": 4}

Passes:

    config {"rank_pattern": {"q_proj": 4, "v_proj": 4}}

Repair: keep one of them.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC016", "duplicate-key", "warning", reporting("duplicate-key"), __name__)
