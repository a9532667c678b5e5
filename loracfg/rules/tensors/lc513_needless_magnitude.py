"""Layers have DoRA magnitudes, but the config does not enable DoRA.

PEFT silently ignores the magnitudes and applies the factors as plain LoRA, so the adapter does not
compute what was trained.

Fires:

    made with {"use_dora": true}
    config {"use_dora": false}

Passes:

    made with {"use_dora": true}

Repair: set `use_dora` to true.
"""

from __future__ import annotations

from loracfg.analysis.config_options import DORA
from loracfg.rules.kinds.option_tensors import reporting_needless
from loracfg.rules.rule import Rule

check = reporting_needless(DORA)

RULE = Rule("LC513", "needless-magnitude", "error", check, __name__)
