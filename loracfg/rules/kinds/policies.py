"""Checks that run if a project's policy restricts something."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loracfg.analysis.noted import restriction
from loracfg.analysis.policy import Policy
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Check, Finding, GatedCheck


def restricted(name: str, check: Callable[[Subject, Policy], Iterator[Finding]]) -> Check:
    """Return a check that runs if the policy has the restriction of this name."""

    def run(subject: Subject) -> Iterator[Finding]:
        policy = subject.policy
        if policy is not None and name in policy.restrictions:
            yield from check(subject, policy)

    return GatedCheck({restriction(name)}, run)
