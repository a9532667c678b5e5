"""What readers of trainers' files noted about options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.report.evidence import OptionOfTrainer
from loracfg.report.report import Location, NotChecked

NO_LORA: Final = "trainer-no-lora"
REJECTED: Final = "trainer-rejected"
NOT_UNDERSTOOD: Final = "trainer-not-understood"
DIFFERS: Final = "trainer-differs"
UNMATCHED: Final = "trainer-unmatched"


def options_noted(subject: Subject, kind: str) -> Iterator[tuple[OptionOfTrainer, Location]]:
    """Yield the options with notes of a kind, with their places."""
    for fault in subject.faults_of(kind):
        if isinstance(fault.data, OptionOfTrainer):
            yield fault.data, fault.location


def gaps_of_options(subject: Subject) -> Iterator[NotChecked]:
    """Yield the options that are not understood and are about no single field.

    A field that is not known because of its option is listed by its own name.
    """
    for option, _ in options_noted(subject, NOT_UNDERSTOOD):
        if option.field is None:
            what = f"what `{option.option}` of {option.trainer} does to the adapter"
            yield NotChecked(what, option.problem)
