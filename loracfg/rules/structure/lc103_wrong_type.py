"""A value has a type that PEFT cannot work with.

PEFT checks hardly any type when it reads the config; it fails later, when it builds the layers,
with an error that names no key. Where it does not fail, it takes the value for something else:
`true` counts as the number 1.

Fires:

    config {"r": "8"}

Fires:

    config {"modules_to_save": [""]}

Fires:

    config {"lora_alpha": true}

Passes:

    config {"lora_alpha": 16.0, "fan_in_fan_out": null}

Repair: give a value of the type that is named.
"""

from __future__ import annotations

from loracfg.rules.kinds.refused_values import refusing
from loracfg.rules.rule import Rule

RULE = Rule("LC103", "wrong-type", "error", refusing("wrong-type"), __name__)
