"""PEFT loads a value that its own annotations forbid.

It is only tested for truth, or not looked at when an adapter is loaded. Files with `fan_in_fan_out:
null` are published and work; readers that are stricter than PEFT refuse them.

Fires:

    config {"fan_in_fan_out": null}

Fires:

    config {"lora_dropout": 1}

Passes:

    config {"lora_alpha": 16.0}

Repair: write the value that PEFT takes it for.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC104", "loose-value", "warning", reporting("loose-value"), __name__)
