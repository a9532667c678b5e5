"""Checks that report faults of the base."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.noted import OF_BASE
from loracfg.analysis.subject import Subject
from loracfg.report.fault import Fault
from loracfg.rules.rule import Check, Finding, from_fault

_CLASS: Final = "base-class"


def reporting_base(*, fatal: bool) -> Check:
    """Return a check that reports the fatal faults of the base, or the rest."""

    def check(subject: Subject) -> Iterator[Finding]:
        for fault in subject.faults:
            if fault.kind.startswith(OF_BASE) and _is_fatal(fault, subject) is fatal:
                yield _finding(fault)

    return check


def _is_fatal(fault: Fault, subject: Subject) -> bool:
    """Tell whether there is no base to compare with, or none of the requested class."""
    return subject.base is None or fault.kind == _CLASS


def _finding(fault: Fault) -> Finding:
    """Return the finding for a fault, with the whole path, since it is not in the adapter."""
    finding = from_fault(fault)
    place = finding.location
    if not place.elsewhere:
        place = place.outside()
    return finding._replace(location=place)
