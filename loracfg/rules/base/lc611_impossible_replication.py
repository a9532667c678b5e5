"""`layer_replication` does not fit the base.

PEFT replicates layers only in models that are built like Llama, BERT or Falcon. It raises an error
for other models, and for ranges beyond the last layer.

Fires:

    config {"layer_replication": [[0, 5]]}

Passes:

    made with {"r": 2}

Repair: use ranges of layers that the base has.
"""

from __future__ import annotations

from loracfg.rules.kinds.failures import reporting_failures
from loracfg.rules.rule import Rule

check = reporting_failures("replication", "use ranges of layers that the base has")

RULE = Rule("LC611", "impossible-replication", "error", check, __name__)
