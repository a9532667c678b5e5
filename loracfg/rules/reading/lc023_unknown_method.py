"""`peft_type` is not a method that PEFT knows.

Method names are in capitals, and PEFT compares them exactly: `"lora"` raises `KeyError: 'lora'`.
The rest of the file is checked as a LoRA config.

Fires:

    config {"peft_type": "lora"}

Fires:

    config {"peft_type": null}

Passes:

    config {"peft_type": "LORA"}

Repair: write `"peft_type": "LORA"`.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC023", "unknown-method", "error", reporting("unknown-method"), __name__)
