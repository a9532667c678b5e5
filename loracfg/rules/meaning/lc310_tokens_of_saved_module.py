"""An embedding is in both `trainable_token_indices` and `modules_to_save`.

PEFT 0.15+ raises a `ValueError`: `trainable_token_indices` trains some rows of an otherwise frozen
embedding, and `modules_to_save` trains all of it.

Fires:

    config {"trainable_token_indices": {"embed_tokens": [3]}, "modules_to_save": ["embed_tokens"]}

Passes:

    made with {"trainable_token_indices": {"embed_tokens": [3]}, "modules_to_save": ["lm_head"]}

Repair: remove the embedding from one of them; the tensors show which.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "tokens-of-saved-module", "remove the embedding from one of them; the tensors show which"
)

RULE = Rule("LC310", "tokens-of-saved-module", "error", check, __name__)
