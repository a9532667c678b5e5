"""Findings on engines, and where the features stand that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loracfg.analysis.subject import Subject
from loracfg.report.report import Location
from loracfg.rules.rule import Finding

if TYPE_CHECKING:
    from loracfg.runtimes.profile import Effect, Fact


def findings(subject: Subject, effect: Effect) -> Iterator[Finding]:
    """Yield a finding for each fact of this effect, of each engine that was asked for."""
    from loracfg.runtimes.verdict import reason

    for verdict in subject.verdicts:
        for fact in verdict.facts:
            if fact.effect == effect:
                yield Finding(
                    f"{verdict.runtime.subject} {reason(verdict, fact)}",
                    _place(fact, subject),
                    fact.help or "serve it with another engine",
                )


def fact_of(subject: Subject, finding: Finding) -> Fact | None:
    """Return the fact that a finding on an engine tells."""
    from loracfg.runtimes.verdict import reason

    told = (
        (f"{verdict.runtime.subject} {reason(verdict, fact)}", fact)
        for verdict in subject.verdicts
        for fact in verdict.facts
    )
    return next((fact for message, fact in told if message == finding.message), None)


def served_model(subject: Subject) -> str | None:
    """Return the name that the config has to give its base, for the engine that looks it up by it.

    None where no engine that was asked for does, or two do by different names.
    """
    limits = [verdict.runtime.limits for verdict in subject.verdicts]
    wanted = {one.get("model") for one in limits if one.get("lora_resolver")} - {""}
    name = wanted.pop() if len(wanted) == 1 else None
    return name if isinstance(name, str) else None


def _place(fact: Fact, subject: Subject) -> Location:
    """Return where the feature stands that a fact is about: in the config, or the weight file."""
    from loracfg.runtimes.conditions import parse

    if not fact.when:
        return Location("adapter_config.json")
    keys = [key for key in (parse(one).key for one in fact.when) if key]
    return subject.value(f"/{keys[0]}") if keys else Location(subject.adapter.weights or "")
