"""A rule of loracfg, or loracfg itself, failed on this adapter.

This is a defect of loracfg, not of the adapter. The other rules ran, and what they found holds.
What this one looks for is not known, so an adapter without an error is `undetermined`, and the exit
status is 2. The message names the file and line of the code.

Repair: report it with the traceback that `--debug` prints (or `LORACFG_DEBUG=1`), the adapter's
config, and the names and shapes of its tensors. Until it is repaired, `--ignore` the rule that
crashed: the finding is then hidden and no longer counts for the exit status.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing: the runner reports crashes."""
    yield from ()


RULE = Rule("LC901", "rule-crashed", "warning", check, __name__)
