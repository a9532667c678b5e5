"""The config describes an Arrow router, which PEFT cannot load from a file.

`arrow_config` routes tokens between adapters that are already loaded. PEFT does not read their
names back from the file, and PEFT 0.18 to 0.21 raise an `AttributeError`.

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
    "router-in-file", "create the router in code, from the adapters that it routes between"
)

RULE = Rule("LC312", "router-in-file", "error", check, __name__)
