"""Other files of weights lie beside the adapter's.

PEFT reads `adapter_model.safetensors` and nothing else, and so does this report. Readers that look
for files by their ending do otherwise: SGLang 0.5.23, Ollama, TGI and LoRAX put the tensors of all
`*.safetensors` together, and diffusers 0.42 takes whichever the folder lists first.

Some tools keep in a file of their own what was trained beside the adapter. LLaVA writes the
projector to `non_lora_trainables.bin`: PEFT leaves it as it is in the base, and says nothing.

Fires:

    raw style.safetensors x

Fires:

    file non_lora_trainables.bin x

Passes:

    file notes.txt x

Passes:

    file optimizer.pt x

Repair: keep each adapter, and each other file of weights, in a folder of its own. Load weights that
belong to the adapter into the base before you load the adapter.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.analysis.folder_files import names, other_pickles, other_safetensors
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.rules.kinds.files import of_files
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for files by their ending, where PEFT finds its own."""
    files, own = subject.adapter.files, subject.adapter.weights
    if CONFIG_NAME not in files or own not in files:
        return
    if own == SAFETENSORS_NAME:
        found = other_safetensors(files)
        message = f"PEFT reads only `{own}`, other readers also {names(found)}"
        yield from of_files(found, message, "keep other files of weights in a folder of their own")
    found = other_pickles(files)
    message = f"PEFT reads only `{own}`, and nothing from {names(found)}"
    advice = "load these weights into the base first, if they were trained with the adapter"
    yield from of_files(found, message, advice)


RULE = Rule("LC706", "other-weights", "info", check, __name__)
