"""Every fault that a reader can note has a rule that reports it."""

from __future__ import annotations

import re
from pathlib import Path

import loracfg

PACKAGE = Path(loracfg.__file__).parent
NOTED = re.compile(r'\b(?:Fault|notes\.add|Conflict)\(\s*"([a-z0-9-]+)"')
KINDS_OF_PROBLEMS = {"wrong-type", "out-of-range", "unknown-value", "invalid-pattern", "overlap"}
OF_OLDER_RELEASES = {"dora-with-loftq"}
"""Conflicts on which the newest release does not raise; LC201 reports them."""


def sources(*folders: str) -> str:
    files = sorted(path for folder in folders for path in (PACKAGE / folder).rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_fault_has_a_rule() -> None:
    noted = set(NOTED.findall(sources("document", "config", "adapter")))
    named = set(re.findall(r'"([a-z0-9-]+)"', sources("analysis", "rules")))
    assert len(noted) > 40
    assert {kind for kind in noted | KINDS_OF_PROBLEMS if kind not in named} == OF_OLDER_RELEASES
