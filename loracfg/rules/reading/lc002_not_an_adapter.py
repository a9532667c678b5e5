"""There is no adapter at the path: neither a config nor a weight file.

PEFT looks for `adapter_config.json` and `adapter_model.safetensors` or `adapter_model.bin` in the
folder itself. Adapters that are not named `default` are saved in a subfolder of their name (since
0.3), trainers save to `checkpoint-…/`, and other tools use other file names.

`validate` searches the folders below for adapters. If there are none, the message says how many
folders were searched, and how many were excluded, or skipped because they are hidden.

If you name one of these three files, its folder is checked. Any other `.safetensors` file is
checked on its own, and zip and tar archives are opened. Other files, and pipes, are reported here.
For the config of a training tool, such as axolotl, the help names `loracfg plan`, which reads it.

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

Repair: pass the folder that PEFT's `save_pretrained` wrote.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.dialects import dialect_of
from loracfg.adapter.directory import Adapter
from loracfg.analysis.folder_files import hint, names_in_file, peft_names_hint
from loracfg.analysis.noted import OTHER_FILES
from loracfg.analysis.subject import Subject
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report what the folder contains instead."""
    files = subject.adapter.files
    if not subject.adapter.is_empty:
        return
    what, advice = hint(files) if files else ("", "check the path")
    if not files:
        message = "the folder is empty"
    else:
        message = "there is neither `adapter_config.json` nor `adapter_model.safetensors`"
    message = f"{message}, {what}" if what else message
    if found := _hint_from_names(subject.adapter):
        message, advice = f"{message}: {found[0]}", found[1]
    yield Finding(message, Location(""), advice)


def _hint_from_names(adapter: Adapter) -> tuple[str, str] | None:
    """Return what the names in the only safetensors file show, and what to do."""
    names = names_in_file(adapter)
    if any(".base_layer." in name for name in names) and any(".lora_A." in name for name in names):
        what = "its tensors are a base model (`base_layer`) with LoRA factors (`lora_A`)"
        return what, "call `save_pretrained` on the PEFT model, which does not save the base"
    if dialect := dialect_of(names):
        return f"its tensors are {dialect.words}", dialect.advice_for_all()
    return peft_names_hint(names)


RULE = Rule("LC002", "not-an-adapter", "error", GatedCheck([OTHER_FILES], check), __name__)
