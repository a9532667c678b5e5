"""The names that the base has: in the config, as it was given, and for an engine."""

from __future__ import annotations

from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue


def name_of_base(subject: Subject) -> FieldValue:
    """Return the name of the base that the config gives, and the id that it was given by.

    Where an engine looks the base up by a name of its own, that id is not the one that is meant.
    """
    given = subject.config.base_model_name_or_path if subject.config else None
    name, found, _commit = (subject.resolved.name or "").partition("@")
    meant = name if found and not served_model(subject) else None
    return FieldValue("/base_model_name_or_path", given, meant)


def served_model(subject: Subject) -> str | None:
    """Return the name that the config has to give its base, for the engine that looks it up by it.

    None where no engine that was asked for does, or two do by different names.
    """
    limits = [verdict.runtime.limits for verdict in subject.verdicts]
    wanted = {one.get("model") for one in limits if one.get("lora_resolver")} - {""}
    name = wanted.pop() if len(wanted) == 1 else None
    return name if isinstance(name, str) else None
