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

from loracfg.adapter.names import Part
from loracfg.rules.options import needless_part
from loracfg.rules.rule import Rule

check = needless_part(
    "kasa_config", Part.DIAGONAL, "lora_diag", lambda config: config.kasa_config is not None
)

RULE = Rule("LC517", "needless-diagonal", "error", check, __name__)
