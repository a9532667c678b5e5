"""Checks that report what does not go together in the fields of a config."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.report.model import Related
from loracfg.rules.rule import Check, Finding
from loracfg.rules.subject import Subject


def conflicting(name: str, advice: str) -> Check:
    """Return a check that reports the constraint of this name, with `advice` as its help."""

    def check(subject: Subject) -> Iterator[Finding]:
        reading = subject.adapter.reading
        for conflict in reading.conflicts if reading else ():
            if conflict.name != name:
                continue
            related = tuple(
                Related(subject.value(f"/{field}"), f"`{field}` is given here")
                for field in dict.fromkeys(conflict.others)
                if reading and field in reading.present
            )
            place = subject.value(f"/{conflict.field}")
            yield Finding(conflict.message, place, advice, related=related)

    return check
