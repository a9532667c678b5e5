"""Layers have KaSA's diagonal, but the config does not enable KaSA.

PEFT silently ignores the diagonal and multiplies the factors without it, so the adapter does not
compute what was trained.

Fires:

    made with {"kasa_config": {"beta": 0.0001, "gamma": 0.001}}
    config {"kasa_config": null}

Passes:

    made with {"kasa_config": {"beta": 0.0001, "gamma": 0.001}}

Repair: set `kasa_config` as in training.
"""

from __future__ import annotations

from loracfg.analysis.config_options import DIAGONAL
from loracfg.rules.kinds.option_tensors import reporting_needless
from loracfg.rules.rule import Rule

check = reporting_needless(DIAGONAL)

RULE = Rule("LC517", "needless-diagonal", "error", check, __name__)
