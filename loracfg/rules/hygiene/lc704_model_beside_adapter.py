"""The adapter's folder also contains a whole model.

Readers handle this differently: transformers loads this model and applies the adapter to it, PEFT
loads the base that the config names, and others refuse the folder. If the adapter was already
merged into this model, it counts twice.

Fires:

    file config.json {}
    file model.safetensors x

Passes:

    file config.json {}

Repair: keep the model and the adapter in separate folders.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.folder_files import file_location, model_weights, names
from loracfg.analysis.noted import OTHER_FILES
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.report.evidence import FolderFiles
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report a model's config and weights in the folder."""
    files = subject.adapter.files
    found = model_weights(files)
    if CONFIG_NAME in files and "config.json" in files and found:
        yield Finding(
            f"a whole model is next to the adapter: {names(['config.json', *found])}",
            file_location(found[0]),
            "keep the model and the adapter in separate folders",
            count=len(found),
            data=FolderFiles(("config.json", *found)),
        )


RULE = Rule("LC704", "model-beside-adapter", "warning", GatedCheck([OTHER_FILES], check), __name__)
