r"""Layers are chosen by number, but `target_modules` is a pattern.

PEFT raises a `ValueError` since 0.6: `layers_to_transform` and `layers_pattern` filter a list of
names only. A pattern can name the layers itself.

Fires:

    config {"target_modules": ".*[qv]_proj", "layers_to_transform": [0]}

Passes:

    made with {"target_modules": ["q_proj"], "layers_to_transform": [0]}

Repair: write the layers into the pattern, such as `.*layers\\.(0|1)\\..*q_proj`, or list names.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "layers-of-pattern", "write the layers into the pattern, or list the modules by name"
)

RULE = Rule("LC302", "layers-of-pattern", "error", check, __name__)
