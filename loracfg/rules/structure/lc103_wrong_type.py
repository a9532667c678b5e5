"""A value has a type that PEFT cannot use.

PEFT hardly checks types when it reads the config. It fails later, when it builds the layers, with
an error that does not name the key. Where it does not fail, it misreads the value: `true` counts as
the number 1.

Fires:

    config {"r": "8"}

Fires:

    config {"modules_to_save": [""]}

Fires:

    config {"lora_alpha": true}

Passes:

    config {"lora_alpha": 16.0, "fan_in_fan_out": null}

Repair: write a value of the type that the finding names.
"""

from __future__ import annotations

from loracfg.rules.kinds.refused_values import reporting_values
from loracfg.rules.rule import Rule

RULE = Rule("LC103", "wrong-type", "error", reporting_values("wrong-type"), __name__)
