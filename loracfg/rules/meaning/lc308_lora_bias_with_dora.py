"""`lora_bias` and `use_dora` are both set.

PEFT 0.14+ raises a `ValueError`.

Fires:

    made with {"lora_bias": true}
    config {"use_dora": true}

Passes:

    made with {"lora_bias": true}

Repair: unset the one whose tensors are not in the file.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting("lora-bias-with-dora", "unset the one whose tensors are not in the file")

RULE = Rule("LC308", "lora-bias-with-dora", "error", check, __name__)
