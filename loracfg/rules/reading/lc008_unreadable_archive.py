"""The archive is broken, unsafe, or larger than what is read of one.

It is read as a stream, from which nothing is written to disk: configs, headers of weights and the
ends of pickles are kept. What two readers would read in two ways is refused: a directory that does
not agree with the files, bytes after the end, names that lead out of the folder or that some file
system takes for one. So are links, devices, encrypted and sparse files, and an archive that unpacks
to more than a hundred times its size.

Repair: make the archive again, or unpack it and give the folder.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find nothing: an archive that cannot be read is reported before rules run."""
    yield from ()


RULE = Rule("LC008", "unreadable-archive", "error", check, __name__)
