"""There is nothing at the path that was given, or it cannot be read.

PEFT takes a path that does not exist for the name of a repository on the Hub and complains of that
name. Nothing can be said about the adapter.

Repair: give the folder that holds `adapter_config.json`, and make it readable.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing: what has no folder is reported before rules run."""
    yield from ()


RULE = Rule("LC001", "no-such-path", "error", check, __name__)
