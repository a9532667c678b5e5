"""The config enables DoRA, but layers have no magnitudes.

PEFT uses the magnitudes of the base weights instead. The factors were trained with different ones,
so the adapter does not compute what was trained; since 0.14 PEFT warns about missing keys. Some
trainers accept `use_dora`, but train plain LoRA.

Fires:

    config {"use_dora": true}

Passes:

    made with {"use_dora": true}

Repair: set `use_dora` to false if plain LoRA was trained; otherwise save the adapter again.
"""

from __future__ import annotations

from loracfg.analysis.config_options import DORA
from loracfg.rules.kinds.option_tensors import reporting_missing
from loracfg.rules.rule import Rule

check = reporting_missing(DORA)

RULE = Rule("LC512", "missing-magnitude", "error", check, __name__)
