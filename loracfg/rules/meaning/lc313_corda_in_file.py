"""`init_lora_weights` is CorDA, which PEFT cannot repeat when it loads the adapter.

CorDA starts from covariances of training data and changes the base weights. On loading, PEFT runs
the initialisation again and raises "`eigens` attribute not found", because the covariances are not
saved.

Fires:

    config {"init_lora_weights": "corda"}

Passes:

    config {"init_lora_weights": "gaussian"}

Repair: save the trained model with `path_initial_model_for_weight_conversion`, which turns the
adapter into plain LoRA for the unchanged base.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "corda-in-file", "save it again with `path_initial_model_for_weight_conversion`"
)

RULE = Rule("LC313", "corda-in-file", "error", check, __name__)
