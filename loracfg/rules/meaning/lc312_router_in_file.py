"""The config is that of an Arrow router, which cannot be loaded.

`arrow_config` routes tokens among adapters that are loaded already. Their names are not read back
from a file: PEFT 0.18 to 0.21 raise an `AttributeError`.

Fires:

    config {"arrow_config": {"top_k": 2}}

Passes:

    config {"arrow_config": null}

Repair: create the router in code, with PEFT's `create_arrow_model`, from the adapters themselves.
"""

from __future__ import annotations

from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "router-in-file", "create the router in code, from the adapters it routes among"
)

RULE = Rule("LC312", "router-in-file", "error", check, __name__)
