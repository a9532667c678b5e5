"""The config targets nothing: `target_modules` is empty.

PEFT raises an error unless `target_parameters` names something (0.17 and newer). An empty list is
not the same as `null`, which means PEFT's defaults for the model type.

Fires:

    config {"target_modules": []}

Passes:

    config {"target_modules": null}

Repair: list the modules that were adapted.
"""

from __future__ import annotations

from loracfg.analysis.target_matches import adapter_tensors, intended_targets
from loracfg.rules.kinds.conflicts import conflicting
from loracfg.rules.rule import Rule

check = conflicting(
    "no-targets",
    "list the modules that were adapted, or write `null` for PEFT's defaults",
    adapter_tensors,
    intended_targets,
)

RULE = Rule("LC301", "no-targets", "error", check, __name__)
