"""`layers_pattern` is set without `layers_to_transform`.

PEFT 0.14+ raises a `ValueError`. `layers_pattern` only says which list of layers the numbers in
`layers_to_transform` refer to.

Fires:

    config {"layers_pattern": "layers"}

Passes:

    made with {"layers_pattern": "layers", "layers_to_transform": [0, 1]}

Repair: set `layers_to_transform`, or remove `layers_pattern`.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "pattern-without-layers", "set `layers_to_transform`, or set `layers_pattern` to `null`"
)

RULE = Rule("LC303", "pattern-without-layers", "error", check, __name__)
