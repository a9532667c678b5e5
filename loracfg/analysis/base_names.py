"""The names of the base: in the config, as the user passed it, and for an engine."""

from __future__ import annotations

from loracfg.analysis.subject import Subject
from loracfg.document.display import show
from loracfg.report.evidence import FieldValue


def named_base_in_words(subject: Subject) -> str:
    """Return what the config says of its base: "`base_model_name_or_path` is missing"."""
    reading, key = subject.adapter.reading, "base_model_name_or_path"
    if reading is None or key not in reading.present:
        return f"`{key}` is missing"
    return f"`{key}` is {show(reading.config.base_model_name_or_path)}"


def name_of_base(subject: Subject) -> FieldValue:
    """Return the name of the base in the config, and the id that the user passed.

    If an engine looks up the base by a different name, the user's id is not the intended one.
    """
    given = subject.config.base_model_name_or_path if subject.config else None
    name, found, _commit = (subject.resolved.name or "").partition("@")
    meant = name if found and not served_model(subject) else None
    return FieldValue("/base_model_name_or_path", given, meant)


def served_model(subject: Subject) -> str | None:
    """Return the base name that the config must have for the engine that looks adapters up by it.

    None if no requested engine does that, or if two do with different names.
    """
    limits = [verdict.runtime.limits for verdict in subject.verdicts]
    wanted = {one.get("model") for one in limits if one.get("lora_resolver")} - {""}
    name = wanted.pop() if len(wanted) == 1 else None
    return name if isinstance(name, str) else None
