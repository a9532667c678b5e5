"""Checks that run for an adapter in a live model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.noted import LIVE
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Check, Finding, GatedCheck


def of_live_model(check: Callable[[Subject, LiveFacts], Iterator[Finding]]) -> Check:
    """Return a check that runs if the adapter is in a live model."""

    def run(subject: Subject) -> Iterator[Finding]:
        if subject.live is not None:
            yield from check(subject, subject.live)

    return GatedCheck([LIVE], run)
