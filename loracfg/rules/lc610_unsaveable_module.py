"""A name in `modules_to_save` is the end of a module that cannot be saved whole.

PEFT saves every module whose path ends with the name, without regard to dots, and raises for lists
of modules and for modules that have an adapter.

Fires:

    config {"modules_to_save": ["yers"]}

Passes:

    made with {"modules_to_save": ["embed_tokens"]}

Repair: name the module in `modules_to_save` by a longer end of its path.
"""

from __future__ import annotations

from loracfg.rules.failures import reporting_failures
from loracfg.rules.rule import Rule

check = reporting_failures("unsaveable-module", "name the module by a longer end of its path")

RULE = Rule("LC610", "unsaveable-module", "error", check, __name__)
