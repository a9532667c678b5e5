"""The file has trained tokens, but the config lists none.

PEFT silently ignores them, so what was trained is lost.

Fires:

    made with {"trainable_token_indices": [3, 5]}
    config {"trainable_token_indices": null}

Passes:

    made with {"trainable_token_indices": [3, 5]}

Repair: set `trainable_token_indices` to the tokens that were trained, in the same order.
"""

from __future__ import annotations

from loracfg.analysis.config_options import TOKENS
from loracfg.rules.kinds.option_tensors import reporting_needless
from loracfg.rules.rule import Rule

check = reporting_needless(TOKENS)

RULE = Rule("LC522", "needless-tokens", "error", check, __name__)
