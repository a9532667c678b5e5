"""`layers_pattern` is given, but no layers to choose.

PEFT raises a `ValueError` since 0.14: the pattern says in which list `layers_to_transform` counts,
and there is nothing to count.

Fires:

    config {"layers_pattern": "layers"}

Passes:

    made with {"layers_pattern": "layers", "layers_to_transform": [0, 1]}

Repair: give `layers_to_transform`, or remove `layers_pattern`.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "pattern-without-layers", "give `layers_to_transform`, or set `layers_pattern` to `null`"
)

RULE = Rule("LC303", "pattern-without-layers", "error", check, __name__)
