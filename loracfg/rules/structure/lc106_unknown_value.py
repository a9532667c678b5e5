"""A field holds a name that is none of its choices.

PEFT raises: for `task_type` when it reads the config (before 0.14 any text passed), for `bias` and
`init_lora_weights` when it builds the layers.

Fires:

    config {"task_type": "CUASAL_LM"}

Fires:

    config {"bias": "lora"}

Passes:

    config {"init_lora_weights": "pissa_niter_16"}

Repair: write one of the names that are listed.
"""

from __future__ import annotations

from loracfg.rules.kinds.refused_values import refusing
from loracfg.rules.rule import Rule

RULE = Rule("LC106", "unknown-value", "error", refusing("unknown-value"), __name__)
