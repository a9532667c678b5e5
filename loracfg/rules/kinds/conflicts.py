"""Checks that report config fields that contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loracfg.analysis.subject import Subject
from loracfg.report.report import Data, Related
from loracfg.rules.rule import Check, Finding, GatedCheck

Explains = Callable[[Subject], frozenset[str]]


def conflicting(
    name: str,
    advice: str,
    explains: Explains = lambda _: frozenset(),
    data: Callable[[Subject], Data | None] = lambda _: None,
) -> Check:
    """Return a check that reports a violation of the named constraint.

    `advice` is the finding's help, and `explains` returns the tensors that it explains. Its data is
    the conflict, unless `data` returns what a repair needs.
    """

    def check(subject: Subject) -> Iterator[Finding]:
        reading = subject.adapter.reading
        for conflict in reading.conflicts if reading else ():
            if conflict.name != name:
                continue
            related = tuple(
                Related(subject.value(f"/{field}"), f"`{field}` is set here")
                for field in dict.fromkeys(conflict.others)
                if _is_set(subject, field)
            )
            place = subject.value(f"/{conflict.field}")
            yield Finding(
                conflict.message,
                place,
                advice,
                related=related,
                explains=explains(subject),
                data=data(subject) or conflict,
            )

    return GatedCheck(frozenset({name}), check)


def _is_set(subject: Subject, field: str) -> bool:
    document = subject.adapter.document
    return document is not None and bool(document.value.get(field))
