"""A field has a value that is not one of its choices.

For `task_type`, PEFT raises when it reads the config (before 0.14, any text passed). For `bias` and
`init_lora_weights`, it raises when it builds the layers.

Fires:

    config {"task_type": "CUASAL_LM"}

Fires:

    config {"bias": "lora"}

Passes:

    config {"init_lora_weights": "pissa_niter_16"}

Repair: write one of the names that the finding lists.
"""

from __future__ import annotations

from loracfg.rules.kinds.refused_values import reporting_values
from loracfg.rules.rule import Rule

RULE = Rule("LC106", "unknown-value", "error", reporting_values("unknown-value"), __name__)
