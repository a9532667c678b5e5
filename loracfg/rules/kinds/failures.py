"""Checks that report what PEFT raises when it creates the adapter."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.planning.adapted import Failure
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Check, Finding, GatedCheck


def reporting_failures(kind: str, advice: str) -> Check:
    """Return a check for failures of the plan; failures with the same message are one finding."""

    def check(subject: Subject) -> Iterator[Finding]:
        if subject.plan is None:
            return
        groups: dict[tuple[str, str], list[Failure]] = {}
        for failure in subject.plan.failures:
            if failure.kind == kind:
                groups.setdefault((failure.field, failure.message), []).append(failure)
        for (field, message), failures in groups.items():
            paths = [failure.path for failure in failures if failure.path]
            yield Finding(
                message + (f": {listed(paths)}" if paths else ""),
                subject.value(f"/{field}"),
                advice,
                count=len(failures),
                explains=_tensors_below(subject, paths),
                data=ModulePaths(tuple(paths), field),
            )

    return GatedCheck(frozenset({kind}), check)


def _tensors_below(subject: Subject, paths: list[str]) -> frozenset[str]:
    wanted = set(paths)
    return frozenset(n for n, parsed in subject.open_names.items() if parsed.module in wanted)
