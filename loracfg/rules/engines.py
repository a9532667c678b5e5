"""Findings on engines, and where the features stand that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from loracfg.report.model import Location
from loracfg.rules.rule import Finding
from loracfg.rules.subject import Subject

if TYPE_CHECKING:
    from loracfg.runtimes.profile import Effect, Fact

_KEYS: Final = {
    "use_rslora": "use_rslora",
    "alpha_pattern": "alpha_pattern",
    "rank_pattern": "rank_pattern",
    "use_dora": "use_dora",
    "lora_bias": "lora_bias",
    "bias": "bias",
    "modules_to_save": "modules_to_save",
    "modules_to_save_besides_heads": "modules_to_save",
    "changed_base": "init_lora_weights",
    "alora": "alora_invocation_tokens",
    "layer_replication": "layer_replication",
    "regex_targets": "target_modules",
    "target_parameters": "target_parameters",
    "zero_alpha": "lora_alpha",
    "alpha_missing": "lora_alpha",
    "largest_rank > max_lora_rank": "r",
}
"""The key of the config that a condition is about."""


def findings(subject: Subject, effect: Effect) -> Iterator[Finding]:
    """Yield a finding for each fact of this effect, of each engine that was asked for."""
    if not subject.verdicts:
        return
    from loracfg.runtimes.verdict import reason

    for verdict in subject.verdicts:
        for fact in verdict.facts:
            if fact.effect == effect:
                yield Finding(
                    f"{verdict.runtime.shown} {reason(verdict, fact)}",
                    _place(fact, subject),
                    fact.help or "serve it with another engine",
                )


def fact_of(subject: Subject, finding: Finding) -> Fact | None:
    """Return the fact that a finding on an engine tells."""
    from loracfg.runtimes.verdict import reason

    told = (
        (f"{verdict.runtime.shown} {reason(verdict, fact)}", fact)
        for verdict in subject.verdicts
        for fact in verdict.facts
    )
    return next((fact for message, fact in told if message == finding.message), None)


def _place(fact: Fact, subject: Subject) -> Location:
    """Return where the feature stands that a fact is about: in the config, or the weight file."""
    keys = [_KEYS[condition] for condition in fact.when if condition in _KEYS]
    return subject.value(f"/{keys[0]}") if keys else Location(subject.adapter.weights or "")
