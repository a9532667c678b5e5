"""The config asks for DoRA, but layers have no magnitude.

PEFT fills the missing magnitudes with those of the base weights. The direction was trained with
others, so the adapter computes something else; since 0.14 PEFT warns of missing keys. Some trainers
take `use_dora` and train plain LoRA.

Fires:

    config {"use_dora": true}

Passes:

    made with {"use_dora": true}

Repair: set `use_dora` to false if plain LoRA was trained, else save the adapter again.
"""

from __future__ import annotations

from loracfg.analysis.config_options import DORA
from loracfg.rules.kinds.option_tensors import reporting_missing
from loracfg.rules.rule import Rule

check = reporting_missing(DORA)

RULE = Rule("LC512", "missing-magnitude", "error", check, __name__)
