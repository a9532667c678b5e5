"""The base that was named cannot be used: there is no module tree to compare with.

It does not exist, is an id that the local cache lacks, holds no model's config, names a class that
cannot be built, or its checkpoint cannot be read. The adapter was not compared with it, so there is
no answer, and the exit status is 2.

Repair: give the folder that holds the base's `config.json`, and its checkpoint if there is one, or
its id and `--online`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from loracfg.analysis.subject import Subject
from loracfg.report.fault import Fault
from loracfg.rules.rule import Finding, Rule, from_fault

_PREFIX = "base-"
_CLASS = "base-class"


def check(subject: Subject) -> Iterator[Finding]:
    """Report the faults of a base of which nothing is left, and a class that there is not."""
    return map(base_finding, (fault for fault in base_faults(subject) if is_fatal(fault, subject)))


def base_faults(subject: Subject) -> Iterator[Fault]:
    """Yield the faults of the base."""
    return (fault for fault in subject.faults if fault.kind.startswith(_PREFIX))


def is_fatal(fault: Fault, subject: Subject) -> bool:
    """Tell whether a fault of the base leaves nothing to compare with as it was asked."""
    return subject.base is None or fault.kind == _CLASS


def base_finding(fault: Fault) -> Finding:
    """Return the finding of a base's fault; its place is not in the adapter, so it is absolute."""
    finding = from_fault(fault)
    place = finding.location
    if not place.elsewhere:
        place = place._replace(file=str(Path(place.file).absolute()), elsewhere=True)
    return finding._replace(location=place)


RULE = Rule("LC005", "unusable-base", "error", check, __name__)
