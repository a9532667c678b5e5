"""The path does not exist or cannot be read.

PEFT treats a path that does not exist as the name of a repository on the Hub, and complains about
that name. The adapter was not checked.

Repair: pass the folder that contains `adapter_config.json`, and make it readable.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import NOTHING
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing: a path that cannot be read is reported before rules run."""
    yield from ()


RULE = Rule("LC001", "no-such-path", "error", GatedCheck([NOTHING], check), __name__)
