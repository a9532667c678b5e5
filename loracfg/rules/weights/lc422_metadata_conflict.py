"""The metadata of the weight file give another rank or alpha than the config.

PEFT reads the config only; other readers of single files take alpha from the metadata, so the same
adapter counts more or less there. One of the two is not what was trained.

Fires:

    metadata {"format": "pt", "lora_alpha": "32"}

Fires:

    metadata {"rank": "16"}

Passes:

    metadata {"format": "pt", "lora_alpha": "8.0", "r": "4"}

Repair: save the file again with metadata that agree, or without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from loracfg.analysis.metadata import ALPHA_KEYS, RANK_KEYS, number_in_metadata
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.report.report import Location, Related
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare rank and alpha, where the config gives one for all modules."""
    config = subject.config
    if config is None:
        return
    yield from _conflict(subject, "r", RANK_KEYS, config.r, config.rank_pattern)
    yield from _conflict(subject, "lora_alpha", ALPHA_KEYS, config.lora_alpha, config.alpha_pattern)


def _conflict(
    subject: Subject, field: str, keys: tuple[str, ...], value: float, pattern: Mapping[str, float]
) -> Iterator[Finding]:
    reading = subject.adapter.reading
    found = number_in_metadata(subject, keys)
    if found is None or pattern or reading is None or not reading.usable(field):
        return
    key, said = found
    if field in reading.present and said != value:
        yield Finding(
            f"the metadata give `{key}` as `{said:g}`, the config `{field}` as `{value}`",
            Location(subject.adapter.weights or ""),
            "save the file again with metadata that agree, or without them",
            data=FieldValue(f"/{field}", value, said),
            related=(Related(subject.value(f"/{field}"), "PEFT takes this one"),),
        )


RULE = Rule("LC422", "metadata-conflict", "warning", check, __name__)
