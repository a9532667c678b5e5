"""Layers have KaSA's diagonal, but the config does not ask for KaSA.

PEFT ignores the diagonal without a word and multiplies the factors without it, so the adapter
computes something else than was trained.

Fires:

    made with {"kasa_config": {"beta": 0.0001, "gamma": 0.001}}
    config {"kasa_config": null}

Passes:

    made with {"kasa_config": {"beta": 0.0001, "gamma": 0.001}}

Repair: set `kasa_config` as it was in training.
"""

from __future__ import annotations

from loracfg.rules.noted import tensor_of
from loracfg.rules.options import DIAGONAL
from loracfg.rules.rule import Noted, Rule

check = Noted([tensor_of(DIAGONAL.part)], DIAGONAL.needless)

RULE = Rule("LC517", "needless-diagonal", "error", check, __name__)
