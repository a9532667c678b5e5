"""The config enables KaSA, but layers have no diagonal.

PEFT initializes the missing diagonal at random, so the adapter adds noise; since 0.14 it warns
about missing keys.

Fires:

    config {"kasa_config": {"beta": 0.0001, "gamma": 0.001}}

Passes:

    made with {"kasa_config": {"beta": 0.0001, "gamma": 0.001}}

Repair: set `kasa_config` to null if plain LoRA was trained; otherwise save the adapter again.
"""

from __future__ import annotations

from loracfg.analysis.config_options import DIAGONAL
from loracfg.rules.kinds.option_tensors import reporting_missing
from loracfg.rules.rule import Rule

check = reporting_missing(DIAGONAL)

RULE = Rule("LC516", "missing-diagonal", "error", check, __name__)
