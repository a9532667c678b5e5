"""A rule of loracfg failed on this adapter.

This is a defect of loracfg, not of the adapter. The other rules ran; what this one looks for is
not known.

Repair: report it with the adapter's config and the names and shapes of its tensors; until it is
repaired, `--ignore` the rule that crashed.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.report.model import Location
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing: the runner reports crashes."""
    yield from ()


def crash_finding(code: str, error: Exception) -> Finding:
    """Return the finding for a rule that raised."""
    return Finding(
        f"the rule {code} crashed: {type(error).__name__}: {error}",
        Location(""),
        f"report it to loracfg; the rule can be left out with `--ignore {code}`",
    )


RULE = Rule("LC901", "rule-crashed", "error", check, __name__)
