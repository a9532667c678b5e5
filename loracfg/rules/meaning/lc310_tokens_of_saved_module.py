"""An embedding has trained tokens and is trained whole.

PEFT raises a `ValueError` since 0.15: `trainable_token_indices` trains rows of an embedding that is
otherwise frozen, `modules_to_save` all of it.

Fires:

    config {"trainable_token_indices": {"embed_tokens": [3]}, "modules_to_save": ["embed_tokens"]}

Passes:

    made with {"trainable_token_indices": {"embed_tokens": [3]}, "modules_to_save": ["lm_head"]}

Repair: take the embedding out of one of them; the tensors show which.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "tokens-of-saved-module", "take the embedding out of one of them; the tensors show which"
)

RULE = Rule("LC310", "tokens-of-saved-module", "error", check, __name__)
