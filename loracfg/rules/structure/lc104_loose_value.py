"""PEFT loads a value that its own type annotations forbid.

PEFT only tests whether the value is true, or does not look at it when it loads an adapter. Files
with `fan_in_fan_out: null` are published and work; readers that are stricter than PEFT reject them.

Fires:

    config {"fan_in_fan_out": null}

Fires:

    config {"lora_dropout": 1}

Passes:

    config {"lora_alpha": 16.0}

Repair: write the value that PEFT treats it as.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC104", "loose-value", "warning", reporting("loose-value"), __name__)
