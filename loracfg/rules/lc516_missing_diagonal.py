"""The config asks for KaSA, but layers have no diagonal.

PEFT starts the missing diagonal at random, so the adapter adds noise; since 0.14 it warns of
missing keys.

Fires:

    config {"kasa_config": {"beta": 0.0001, "gamma": 0.001}}

Passes:

    made with {"kasa_config": {"beta": 0.0001, "gamma": 0.001}}

Repair: set `kasa_config` to null if plain LoRA was trained, else save the adapter again.
"""

from __future__ import annotations

from loracfg.adapter.names import Part
from loracfg.rules.options import missing_part
from loracfg.rules.rule import Rule

check = missing_part(
    "kasa_config", Part.DIAGONAL, "lora_diag", lambda config: config.kasa_config is not None
)

RULE = Rule("LC516", "missing-diagonal", "error", check, __name__)
