"""Part of the base cannot be read; the rest was used.

A shard is missing, the index names tensors that no shard has, or some layers are stored in a way
that does not show their size. What depends on that part was not checked.

Repair: complete the base's folder, or install `loracfg[torch,transformers]`, which only needs
`config.json`.
"""

from __future__ import annotations

from loracfg.analysis.noted import BASE_FAULT
from loracfg.rules.kinds.base_faults import reporting_base
from loracfg.rules.rule import GatedCheck, Rule

RULE = Rule(
    "LC006",
    "damaged-base",
    "warning",
    GatedCheck([BASE_FAULT], reporting_base(fatal=False)),
    __name__,
)
