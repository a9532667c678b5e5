"""Configs with `LORA` whose tensors belong to another PEFT method."""

from __future__ import annotations

from collections.abc import Iterable

from loracfg.adapter.dialects import method_of
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Check, Finding, GatedCheck, from_fault


def method_in_names(subject: Subject) -> str | None:
    """Return the other PEFT method that the tensors belong to, None if any is LoRA's."""
    names = subject.adapter.names
    if any(name.is_adapter and name.prefix for name in names.values()):
        return None
    return method_of(names)


def reporting_keys(*kinds: str) -> Check:
    """Return a check that reports faults of keys, unless the tensors belong to another method."""

    def check(subject: Subject) -> Iterable[Finding]:
        if method_in_names(subject):
            return ()
        return map(from_fault, subject.faults_of(*kinds))

    return GatedCheck(frozenset(kinds), check)
