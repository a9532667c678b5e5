"""A rule, or loracfg itself, crashed on this adapter.

This is a bug in loracfg, or in the package that the rule comes from, not a problem with the
adapter. The other rules ran, and their findings hold. What this rule looks for is unknown, so an
adapter without an error is `undetermined`, and the exit status is 2. The message names the file and
line of the code, or what is wrong with a finding of another package's rule.

Repair: report it with the traceback that `--debug` (or `LORACFG_DEBUG=1`) prints, the adapter's
config, and the names and shapes of its tensors; if the rule comes from another package, to its
authors. Until it is fixed, `--ignore` the rule that crashed: this hides the finding, which then no
longer counts for the exit status.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import NOTHING
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing: the runner reports crashes."""
    yield from ()


RULE = Rule("LC901", "rule-crashed", "warning", GatedCheck([NOTHING], check), __name__)
