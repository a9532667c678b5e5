"""DoRA is enabled together with Megatron's parallel layers.

PEFT raises a `ValueError` in every release that has DoRA (0.9 and newer).

Fires:

    made with {"use_dora": true}
    config {"megatron_config": {"hidden_size": 16}}

Passes:

    made with {"use_dora": true}

Repair: set the one that was not used in training to its default.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting("dora-with-megatron", "unset the one that was not used in training")

RULE = Rule("LC304", "dora-with-megatron", "error", check, __name__)
