"""Checks for faults of single config values; NaN and infinity have their own rule."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.report.fault import Fault
from loracfg.rules.rule import Check, Finding, GatedCheck, from_fault

REFUSED = ("wrong-type", "out-of-range", "unknown-value")
"""Kinds of faults of values that PEFT fails on, or that make no sense."""


def reporting_values(kind: str) -> Check:
    """Return a check that reports faults of this kind, except where a number is not finite."""

    def check(subject: Subject) -> Iterator[Finding]:
        for fault in subject.faults_of(kind):
            if not any(_is_in(number, fault) for number in subject.faults_of("non-finite-number")):
                yield from_fault(fault)

    return GatedCheck(frozenset({kind}), check)


def refused_numbers(subject: Subject) -> Iterator[Finding]:
    """Yield findings for values that are wrong because a number is not finite."""
    numbers = list(subject.faults_of("non-finite-number"))
    for fault in subject.faults_of(*REFUSED):
        number = next((number for number in numbers if _is_in(number, fault)), None)
        if number:
            yield from_fault(fault)._replace(location=number.location, help=number.help)


def _is_in(number: Fault, fault: Fault) -> bool:
    return f"{number.location.pointer}/".startswith(f"{fault.location.pointer}/")
