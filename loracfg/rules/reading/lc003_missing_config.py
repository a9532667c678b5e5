"""The folder has adapter weights but no `adapter_config.json`.

PEFT raises "Can't find 'adapter_config.json'". The tensors show the rank and the modules, but not
`lora_alpha`, so the scaling is unknown. A checkpoint looks like this if the trainer only saved the
state dict.

Fires:

    config none

Passes:

    config {"r": 4}

Repair: copy the config from where the adapter was saved, or write one with the training's values.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.folder_files import adapters_below, diffusers_names_hint, names
from loracfg.analysis.noted import OTHER_FILES
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report that the config is missing, and what the tensors show about it."""
    adapter = subject.adapter
    if not adapter.lacks(CONFIG_NAME) or adapter.weights is None:
        return
    message = f"`{CONFIG_NAME}` is missing, so rank, scaling and targets are unknown"
    advice = "copy the config from where the adapter was saved"
    if below := adapters_below(adapter.files):
        message += f"; there is one in {names(below)}"
    ranks = _ranks(subject)
    if len(ranks) == 1:
        advice += f"; the tensors show that `r` is `{ranks.pop()}`"
    if found := diffusers_names_hint(adapter.names):
        message, advice = f"{message}; {found[0]}", found[1]
    yield Finding(message, Location(""), advice)


def _ranks(subject: Subject) -> set[int]:
    shapes = (
        subject.shape(name) for name, taken in subject.adapter.names.items() if taken.part is Part.A
    )
    return {shape[0] for shape in shapes if shape}


RULE = Rule("LC003", "missing-config", "error", GatedCheck([OTHER_FILES], check), __name__)
