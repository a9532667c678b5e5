"""Other safetensors files lie beside the adapter's weights.

PEFT reads `adapter_model.safetensors` and nothing else, and so does this report. Readers that look
for files by their ending do otherwise: SGLang 0.5.23, Ollama, TGI and LoRAX put the tensors of all
together, and diffusers 0.42 takes whichever the folder lists first.

Fires:

    raw style.safetensors x

Passes:

    file notes.txt x

Repair: keep each adapter, and each other file of weights, in a folder of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.read import SAFETENSORS_NAME
from loracfg.config import CONFIG_NAME
from loracfg.rules.folder import names, of_files, other_safetensors
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Look for files by their ending, where PEFT finds its own."""
    files = subject.adapter.files
    if CONFIG_NAME not in files or SAFETENSORS_NAME not in files:
        return
    found = other_safetensors(files)
    message = f"PEFT reads only `{SAFETENSORS_NAME}`, other readers also {names(found)}"
    yield from of_files(found, message, "keep other files of weights in a folder of their own")


RULE = Rule("LC706", "other-weights", "info", check, __name__)
