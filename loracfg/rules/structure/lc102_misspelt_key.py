"""A key is one or two letters away from a LoraConfig field that the file does not set.

PEFT ignores the key, at most with a warning, and uses the field's default. A misspelt `lora_alpha`
changes the scaling, and nothing else shows it. If the field does not affect what the adapter
computes, such as `inference_mode` or `lora_dropout`, the key is only LC101.

Fires:

    config without "lora_alpha"
    config {"lora_alhpa": 32}

Passes:

    config {"lora_alpha": 8}

Passes:

    config without "inference_mode"
    config {"inference_modes": true}

Repair: write the field's name.
"""

from __future__ import annotations

from loracfg.rules.kinds.other_method import reporting_keys
from loracfg.rules.rule import Rule

RULE = Rule("LC102", "misspelt-key", "error", reporting_keys("misspelt-key"), __name__)
