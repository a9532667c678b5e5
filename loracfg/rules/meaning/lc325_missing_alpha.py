"""The config does not give `lora_alpha`.

PEFT takes its default, 8 since 0.4.0, whatever the rank; before, there was none. PEFT always writes
the field, so another tool made the file, and what it trained with is not known: some put it into
the metadata of the weight file, where PEFT does not look. A rank of 8 makes the scaling 1 and is
not reported, unless the metadata say otherwise.

Fires:

    config without "lora_alpha"

Fires:

    made with {"r": 8}
    config without "lora_alpha"
    metadata {"format": "pt", "lora_alpha": "16"}

Passes:

    made with {"r": 8}
    config without "lora_alpha"

Repair: write the `lora_alpha` of the training into the config.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.metadata import alpha_in_metadata
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.rules.kinds.other_method import method_in_names
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Compare the default with the rank, and with what the metadata say."""
    reading = subject.adapter.reading
    if reading is None or "lora_alpha" in reading.present or _is_misspelt(subject):
        return
    if method_in_names(subject):
        return
    config = reading.config
    said = alpha_in_metadata(subject)
    if said is not None and said != config.lora_alpha:
        note = f", but the weight file's metadata say `{said:g}`"
        advice = f'write `"lora_alpha": {said:g}` if that is the alpha of the training'
    elif said is None and config.r != 8:  # which it also is where the config gives none
        note = f", with `r` `{config.r}`"
        advice = "write the `lora_alpha` of the training"
    else:
        return
    message = f"`lora_alpha` is not given and PEFT takes `{config.lora_alpha}`{note}"
    data = FieldValue("/lora_alpha", config.lora_alpha, said)
    yield Finding(message, subject.value("/lora_alpha"), advice, data=data)


def _is_misspelt(subject: Subject) -> bool:
    from loracfg.config.reading.fault_data import UnknownKey  # few files have such a fault

    keys = (fault.data for fault in subject.faults_of("misspelt-key"))
    return any(isinstance(key, UnknownKey) and key.meant == "lora_alpha" for key in keys)


RULE = Rule("LC325", "missing-alpha", "warning", check, __name__)
