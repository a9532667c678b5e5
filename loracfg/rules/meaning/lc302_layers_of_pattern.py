r"""Layers are chosen by number, but `target_modules` is a pattern.

PEFT 0.6+ raises a `ValueError`: `layers_to_transform` and `layers_pattern` only filter a list of
names. A pattern can select the layers itself.

Fires:

    config {"target_modules": ".*[qv]_proj", "layers_to_transform": [0]}

Passes:

    made with {"target_modules": ["q_proj"], "layers_to_transform": [0]}

Repair: write the layers into the pattern, e.g. `.*layers\\.(0|1)\\..*q_proj`, or list the modules
by name.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "layers-of-pattern", "write the layers into the pattern, or list the modules by name"
)

RULE = Rule("LC302", "layers-of-pattern", "error", check, __name__)
