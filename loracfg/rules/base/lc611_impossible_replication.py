"""`layer_replication` does not fit the base.

PEFT replicates the layers of models built like Llama, BERT or Falcon and raises for others, and for
ranges beyond the last layer.

Fires:

    config {"layer_replication": [[0, 5]]}

Passes:

    made with {"r": 2}

Repair: give ranges of layers that the base has.
"""

from __future__ import annotations

from loracfg.rules.kinds.failures import reporting_failures
from loracfg.rules.rule import Rule

check = reporting_failures("replication", "give ranges of layers that the base has")

RULE = Rule("LC611", "impossible-replication", "error", check, __name__)
