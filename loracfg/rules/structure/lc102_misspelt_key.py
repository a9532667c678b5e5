"""A key is one letter or two away from a field of LoraConfig that the file does not give.

PEFT ignores the key, warns at most, and takes the field's default: a misspelt `lora_alpha` changes
the scaling and nothing else tells of it.

Fires:

    config without "lora_alpha"
    config {"lora_alhpa": 32}

Passes:

    config {"lora_alpha": 8}

Repair: write the field's name.
"""

from __future__ import annotations

from loracfg.rules.kinds.other_method import reporting_keys
from loracfg.rules.rule import Rule

RULE = Rule("LC102", "misspelt-key", "error", reporting_keys("misspelt-key"), __name__)
