"""The file holds trained tokens, but the config names none.

PEFT ignores them without a word, so what the tokens learned is lost.

Fires:

    made with {"trainable_token_indices": [3, 5]}
    config {"trainable_token_indices": null}

Passes:

    made with {"trainable_token_indices": [3, 5]}

Repair: list in `trainable_token_indices` the tokens that were trained, in their order.
"""

from __future__ import annotations

from loracfg.analysis.config_options import TOKENS
from loracfg.rules.kinds.option_tensors import reporting_needless
from loracfg.rules.rule import Rule

check = reporting_needless(TOKENS)

RULE = Rule("LC522", "needless-tokens", "error", check, __name__)
