"""A part of the base cannot be read; the rest was used.

A shard is missing, the index names tensors that no shard has, or layers are stored in a way that
does not tell their size. What depends on that part is not checked.

Repair: complete the base's folder, or install `loracfg[torch,transformers]`, which needs
`config.json` only.
"""

from __future__ import annotations

from loracfg.rules.kinds.base_faults import reporting_base
from loracfg.rules.rule import Rule

RULE = Rule("LC006", "damaged-base", "warning", reporting_base(fatal=False), __name__)
