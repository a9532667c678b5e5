"""A number is outside the range of its field, and PEFT fails on it.

With a rank below 1, PEFT 0.6+ raises when it builds the layer, older releases build layers without
factors, and some engines divide by it. Since 0.21.0, PEFT also checks the limits of nested configs
when it loads a file. A number that PEFT loads all the same is LC104.

Fires:

    config {"r": 0}

Fires:

    config {"rank_pattern": {"q_proj": -4}}

Passes:

    config {"lora_dropout": 1}

Repair: write a number in the range that the finding gives.
"""

from __future__ import annotations

from loracfg.rules.kinds.refused_values import reporting_values
from loracfg.rules.rule import Rule

RULE = Rule("LC105", "out-of-range", "error", reporting_values("out-of-range"), __name__)
