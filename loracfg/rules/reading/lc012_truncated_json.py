"""The config is cut off.

A copy or a save was interrupted. PEFT raises a `JSONDecodeError`.

Fires:

    config text {"peft_type": "LORA", "r": 4, "target_mod

Passes:

    config text {"peft_type": "LORA", "r": 4, "lora_alpha": 8}

Repair: copy, download or save the file again.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC012", "truncated-json", "error", reporting("truncated-json"), __name__)
