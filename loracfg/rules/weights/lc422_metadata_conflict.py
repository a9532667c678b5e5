"""The metadata of the weight file has a different rank or alpha than the config.

PEFT only reads the config. Readers of single files take alpha from the metadata, so they scale the
same adapter differently. One of the two values is not the one used in training.

Fires:

    metadata {"format": "pt", "lora_alpha": "32"}

Fires:

    metadata {"rank": "16"}

Passes:

    metadata {"format": "pt", "lora_alpha": "8.0", "r": "4"}

Repair: save the file again with metadata that matches the config, or without metadata.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from loracfg.analysis.metadata import ALPHA_KEYS, RANK_KEYS, number_in_metadata
from loracfg.analysis.noted import METADATA
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.report.report import Location, Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare rank and alpha, unless the config sets them per module."""
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
    key, other = found
    if field in reading.present and other != value:
        in_config = f"`{value}`" if key == field else f"`{field}` is `{value}`"
        yield Finding(
            f"`{key}` is `{other:g}` in the metadata, but {in_config} in the config",
            Location(subject.adapter.weights or ""),
            "save the file again with metadata that matches the config, or without metadata",
            data=FieldValue(f"/{field}", value, other),
            related=(Related(subject.value(f"/{field}"), "PEFT uses this value"),),
        )


RULE = Rule("LC422", "metadata-conflict", "warning", GatedCheck([METADATA], check), __name__)
