"""The folder has an adapter config, but no weights.

PEFT loads `adapter_model.safetensors`, or else `adapter_model.bin`, from the folder itself. If it
finds neither, it treats the path as the id of a Hub repository, and its error is about that id.

Fires:

    weights none

Fires:

    weights none
    file my_lora.safetensors x

Passes:

    weights pickled

Before training there are no weights yet: `loracfg plan` shows what a config will train.

Repair: put the weights next to the config, under a name that PEFT reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.adapter.files import LoneConfig
from loracfg.analysis.folder_files import hint, shards
from loracfg.analysis.noted import OTHER_FILES
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.report.audience import advice_for_all
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report what the folder has instead of weights, if its config is a PEFT adapter's."""
    adapter = subject.adapter
    if CONFIG_NAME not in adapter.files or shards(adapter.files):
        return
    if isinstance(adapter.source, LoneConfig):
        return
    if not adapter.lacks(SAFETENSORS_NAME, PICKLE_NAME):
        return
    if any(subject.faults_of("foreign-config", "model-config")):
        return
    what, advice = hint(adapter.files)
    if not what:
        advice = advice_for_all(
            "put the weights next to the config; before training, run `loracfg plan`",
            "choose the weights too; before training, there are none",
        )
    message = "the folder has neither `adapter_model.safetensors` nor `adapter_model.bin`"
    yield Finding(f"{message}, {what}" if what else message, Location(""), advice)


RULE = Rule("LC401", "missing-weights", "error", GatedCheck([OTHER_FILES], check), __name__)
