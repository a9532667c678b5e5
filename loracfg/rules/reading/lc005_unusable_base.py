"""The base that was named cannot be used: there is no module tree to compare with.

It does not exist, its id is not in the local cache, it has no model config, it names a class that
cannot be built, or its checkpoint cannot be read. The adapter was not compared with it, so there is
no answer, and the exit status is 2.

Repair: pass the folder with the base's `config.json`, and its checkpoint if there is one, or
its id and `--online`.
"""

from __future__ import annotations

from loracfg.analysis.noted import BASE_FAULT
from loracfg.rules.kinds.base_faults import reporting_base
from loracfg.rules.rule import GatedCheck, Rule

RULE = Rule(
    "LC005",
    "unusable-base",
    "error",
    GatedCheck([BASE_FAULT], reporting_base(fatal=True)),
    __name__,
)
