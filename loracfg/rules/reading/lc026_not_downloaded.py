"""The adapter could not be downloaded.

The server refused it, did not answer in time, or sent something that is not the file. The adapter
was not checked, so its status is `error`: a problem of the network is not a fault of the adapter.
The message never contains passwords, tokens or queries of URLs.

A busy server is asked again at most twice. If it asks to wait for more than 15 seconds, the message
says how long, and loracfg does not wait. docs/remote.md lists all limits.

Repair: do what the help says, or download the adapter and pass its folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import NOTHING
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing: an adapter that is not downloaded is reported before rules run."""
    yield from ()


RULE = Rule("LC026", "not-downloaded", "error", GatedCheck([NOTHING], check), __name__)
