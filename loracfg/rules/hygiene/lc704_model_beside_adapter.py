"""A whole model lies in the folder of the adapter.

Readers differ in what they make of it: transformers loads this model and puts the adapter on it,
PEFT loads the base that the config names, others refuse the folder. If the model is the merged one,
the adapter then counts twice.

Fires:

    file config.json {}
    file model.safetensors x

Passes:

    file config.json {}

Repair: keep the two in folders of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.folder_files import file_location, model_weights, names
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.report.evidence import FolderFiles
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for a model's config and weights."""
    files = subject.adapter.files
    found = model_weights(files)
    if CONFIG_NAME in files and "config.json" in files and found:
        yield Finding(
            f"a whole model lies beside the adapter: {names(['config.json', *found])}",
            file_location(found[0]),
            "keep the model and the adapter in folders of their own",
            count=len(found),
            data=FolderFiles(("config.json", *found)),
        )


RULE = Rule("LC704", "model-beside-adapter", "warning", check, __name__)
