"""Findings about inference engines, with the place of the feature that causes each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loracfg.analysis.subject import Subject
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Location
from loracfg.rules.rule import Finding

if TYPE_CHECKING:
    from loracfg.runtimes.profile import Effect, Fact


class EngineFact(NamedTuple):
    """What an engine does with adapters that have all of these features, and the evidence."""

    engine: str
    effect: str
    features: tuple[str, ...]
    evidence: str


def findings(subject: Subject, effect: Effect) -> Iterator[Finding]:
    """Yield a finding for each fact with this effect, for each engine that was requested."""
    from loracfg.runtimes.verdict import reason

    for verdict in subject.verdicts:
        for fact in verdict.facts:
            if fact.effect == effect:
                yield Finding(
                    f"{verdict.runtime.subject} {reason(verdict, fact)}",
                    _place(fact, subject),
                    fact.help or "serve it with a different engine",
                    data=EngineFact(verdict.runtime.shown, effect, fact.when, fact.evidence),
                )


def _place(fact: Fact, subject: Subject) -> Location:
    """Return the place of the first feature of a fact, in the config or the weight file."""
    from loracfg.runtimes.conditions import parse

    if not fact.when:
        return Location("adapter_config.json")
    keys = [key for key in (parse(one).key for one in fact.when) if key]
    return subject.value(f"/{keys[0]}") if keys else Location(subject.adapter.weights or "")
