"""What was given is no adapter: neither a config nor weights are in the folder or archive.

PEFT looks for `adapter_config.json` and `adapter_model.safetensors` or `adapter_model.bin` in the
folder itself. Adapters that are not named `default` go into a folder of their name (since 0.3),
trainers save into `checkpoint-…/`, and other tools have other names.

One of these three files, if it is named, stands for its folder. Any other `.safetensors` file is
judged alone, zip and tar archives are opened, and other files are reported here, as are pipes.

Fires:

    config none
    weights none
    file checkpoint-400/adapter_config.json {}

Fires:

    config none
    weights none
    file optimizer.pt x

Fires:

    config none
    weights none

Passes:

    made with {"r": 4}

Repair: give the folder that PEFT's `save_pretrained` wrote.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.dialects import dialect_of
from loracfg.adapter.directory import Adapter
from loracfg.analysis.folder_files import hint, names_in_file, peft_names_hint
from loracfg.analysis.subject import Subject
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Say what the folder holds instead."""
    files = subject.adapter.files
    if not subject.adapter.is_empty:
        return
    what, advice = hint(files) if files else ("", "check the path")
    if not files:
        message = "the folder is empty"
    else:
        message = "the folder holds no `adapter_config.json` and no `adapter_model.safetensors`"
    message = f"{message}, {what}" if what else message
    if found := _of_tensors(subject.adapter):
        message, advice = f"{message}: {found[0]}", found[1]
    yield Finding(message, Location(""), advice)


def _of_tensors(adapter: Adapter) -> tuple[str, str] | None:
    """Return what the names in the only safetensors file tell, and what to do."""
    names = names_in_file(adapter)
    if any(".base_layer." in name for name in names) and any(".lora_A." in name for name in names):
        what = "its tensors are a base (`base_layer`) with the factors of LoRA (`lora_A`)"
        return what, "call `save_pretrained` on the PEFT model, which leaves the base out"
    if dialect := dialect_of(names):
        return f"its tensors are {dialect.words}", dialect.advice
    return peft_names_hint(names)


RULE = Rule("LC002", "not-an-adapter", "error", check, __name__)
