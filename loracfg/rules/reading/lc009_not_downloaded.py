"""The adapter could not be downloaded.

The server refused, did not answer, or sent something else than a file. The adapter was not checked,
so its status is `error`: a problem of the network is never a fault of the adapter. A busy server is
asked three times at most, and told waits of more than 15 seconds are not waited for. Messages never
contain passwords, tokens or queries of URLs.

Repair: do what the help says, or download the adapter and pass its folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing: an adapter that is not downloaded is reported before rules run."""
    yield from ()


RULE = Rule("LC009", "not-downloaded", "error", check, __name__)
