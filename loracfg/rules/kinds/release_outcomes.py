"""Checks that report what the release named with `--peft` does with the adapter."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.subject import Subject
from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.releases.loading import summary
from loracfg.releases.outcome import Effect, Reason
from loracfg.report.audience import advice_for_all
from loracfg.report.report import Location
from loracfg.rules.rule import Check, Finding


def reporting_effect(effect: Effect, verb: str) -> Check:
    """Return a check for an effect in the named release, but not in the newest one.

    Other rules report what is wrong in the newest release too.
    """

    def check(subject: Subject) -> Iterator[Finding]:
        release = subject.release
        if release is None or release not in subject.outcomes:
            return
        known = subject.outcomes[PEFT_RELEASE].reasons
        fine = summary(subject.outcomes)["peft"]
        advice = advice_for_all(
            f"run `loracfg migrate --to {release}`", f"convert the config to PEFT {release}"
        )
        advice += "" if fine == "none" else f", or load it with PEFT {fine}"
        for reason in subject.outcomes[release].reasons:
            if reason.effect is effect and reason not in known:
                yield Finding(
                    f"PEFT {release} {verb}: {reason.message}",
                    _place(subject, reason),
                    advice,
                    count=reason.count,
                    data=reason,
                )

    return check


def _place(subject: Subject, reason: Reason) -> Location:
    if reason.tensor is not None:
        return subject.tensor(reason.tensor)
    if reason.pointer is None:
        return Location(subject.adapter.weights or "")
    return subject.key(reason.pointer)
