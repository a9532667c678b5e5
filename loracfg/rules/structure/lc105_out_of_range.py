"""A number is outside of what the field allows.

A rank below 1 raises in PEFT 0.6 and newer when the layer is built; older releases made layers
without factors, and some engines divide by it. Limits of nested configs are checked when a file is
loaded since 0.21.0.

Fires:

    config {"r": 0}

Fires:

    config {"rank_pattern": {"q_proj": -4}}

Passes:

    config {"lora_dropout": 0.0}

Repair: give a number in the range that is named.
"""

from __future__ import annotations

from loracfg.rules.kinds.refused_values import refusing
from loracfg.rules.rule import Rule

RULE = Rule("LC105", "out-of-range", "error", refusing("out-of-range"), __name__)
