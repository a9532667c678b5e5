"""A part of the base cannot be read; the rest was used.

A shard is missing, the index names tensors that no shard has, or layers are stored in a way that
does not tell their size. What depends on that part is not checked.

Repair: complete the base's folder, or install `loracfg[torch,transformers]`, which needs
`config.json` only.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.rules.reading.lc005_unusable_base import base_faults, base_finding, is_fatal
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report the faults of a base that could be used all the same."""
    faults = base_faults(subject)
    return map(base_finding, (fault for fault in faults if not is_fatal(fault, subject)))


RULE = Rule("LC006", "damaged-base", "warning", check, __name__)
