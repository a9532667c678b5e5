"""`trainable_token_indices` cannot be applied to the base.

PEFT raises an error if the base has no embedding of that name, if the embedding also has an
adapter, or if a token is beyond its rows.

Fires:

    config {"trainable_token_indices": {"embed_tokens": [99]}}

Fires:

    config {"trainable_token_indices": {"wte": [3]}}

Passes:

    made with {"trainable_token_indices": {"embed_tokens": [3, 31]}}

Repair: use an embedding of the base and tokens that it has rows for. Resize the base first if the
tokenizer grew.
"""

from __future__ import annotations

from loracfg.rules.kinds.failures import reporting_failures
from loracfg.rules.rule import Rule

check = reporting_failures(
    "untrainable-tokens", "use an embedding of the base and tokens that it has rows for"
)

RULE = Rule("LC613", "untrainable-tokens", "error", check, __name__)
