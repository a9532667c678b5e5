"""Checks that report options in a trainer's file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loracfg.analysis.subject import Subject
from loracfg.analysis.trainer_options import options_noted
from loracfg.report.evidence import OptionOfTrainer
from loracfg.rules.rule import Check, Finding, GatedCheck

Words = Callable[[OptionOfTrainer], str]


def about_options(kind: str, message: Words, advice: Words) -> Check:
    """Return a check that reports the options for which a reader noted a kind of fault."""

    def check(subject: Subject) -> Iterator[Finding]:
        for option, place in options_noted(subject, kind):
            yield Finding(message(option), place, advice(option), data=option)

    return GatedCheck([kind], check)
