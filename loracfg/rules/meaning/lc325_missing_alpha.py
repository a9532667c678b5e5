"""The config has no `lora_alpha`.

PEFT uses its default, 8, whatever the rank (before 0.4.0, there was no default). PEFT always writes
the field, so another tool wrote the file, and the alpha used in training is unknown. Some tools put
it into the metadata of the weight file, where PEFT does not look. With rank 8, the scaling is 1:
this is only reported if the metadata gives a different alpha.

Fires:

    config without "lora_alpha"

Fires:

    made with {"r": 8}
    config without "lora_alpha"
    metadata {"format": "pt", "lora_alpha": "16"}

Passes:

    made with {"r": 8}
    config without "lora_alpha"

Repair: set `lora_alpha` to the value used in training.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.metadata import alpha_in_metadata
from loracfg.analysis.noted import NO_ALPHA
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.rules.kinds.other_method import method_in_names
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the default with the rank and with the metadata of the weight file."""
    reading = subject.adapter.reading
    if reading is None or "lora_alpha" in reading.present or _is_misspelt(subject):
        return
    if method_in_names(subject):
        return
    config = reading.config
    alpha = alpha_in_metadata(subject)
    if alpha is not None and alpha != config.lora_alpha:
        note = f", but the metadata of the weight file says `{alpha:g}`"
        advice = f'write `"lora_alpha": {alpha:g}` if that is the value used in training'
    elif alpha is None and config.r != 8:  # a config without `r` has 8, too
        note = f", with `r` `{config.r}`"
        advice = "set `lora_alpha` to the value used in training"
    else:
        return
    message = f"`lora_alpha` is missing, so PEFT uses `{config.lora_alpha}`{note}"
    data = FieldValue("/lora_alpha", config.lora_alpha, alpha)
    yield Finding(message, subject.value("/lora_alpha"), advice, data=data)


def _is_misspelt(subject: Subject) -> bool:
    from loracfg.config.reading.config_reading import UnknownKey  # few files have such a fault

    keys = (fault.data for fault in subject.faults_of("misspelt-key"))
    return any(isinstance(key, UnknownKey) and key.intended == "lora_alpha" for key in keys)


RULE = Rule("LC325", "missing-alpha", "warning", GatedCheck([NO_ALPHA], check), __name__)
