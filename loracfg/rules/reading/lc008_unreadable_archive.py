"""The archive is broken, unsafe or too large.

loracfg reads archives as a stream and writes nothing to disk: it keeps configs, weight headers and
the ends of pickles. It refuses what two readers could read differently: a directory that does not
match the files, bytes after the end, names that lead out of the folder, and names that some file
systems do not distinguish. It also refuses links, devices, encrypted and sparse files, and archives
that unpack to more than a hundred times their size.

Repair: create the archive again, or unpack it and pass the folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import NOTHING
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing: an unreadable archive is reported before rules run."""
    yield from ()


RULE = Rule("LC008", "unreadable-archive", "error", GatedCheck([NOTHING], check), __name__)
