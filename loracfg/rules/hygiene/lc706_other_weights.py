"""There are other weight files next to the adapter's.

PEFT reads `adapter_model.safetensors` and nothing else, and so does loracfg. Readers that look for
files by extension may read others: SGLang 0.5.23, Ollama, TGI and LoRAX combine the tensors of all
`*.safetensors` files, and diffusers 0.42 uses whichever file the folder lists first.

Some tools save what was trained along with the adapter to a separate file. LLaVA writes the
projector to `non_lora_trainables.bin`: PEFT keeps the base's projector, without a warning.

Fires:

    raw style.safetensors x

Fires:

    file non_lora_trainables.bin x

Passes:

    file notes.txt x

Passes:

    file optimizer.pt x

Repair: keep each adapter, and each other weight file, in a separate folder. If weights belong to
the adapter, load them into the base before you load the adapter.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.directory import SAFETENSORS_NAME
from loracfg.analysis.folder_files import names, other_pickles, other_safetensors
from loracfg.analysis.noted import OTHER_FILES
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.rules.kinds.files import files_finding
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find other weight files by extension, in folders where PEFT finds its own files."""
    files, own = subject.adapter.files, subject.adapter.weights
    if CONFIG_NAME not in files or own not in files:
        return
    if own == SAFETENSORS_NAME:
        found = other_safetensors(files)
        message = f"PEFT only reads `{own}`, but other readers also read {names(found)}"
        yield from files_finding(found, message, "keep other weight files in a separate folder")
    found = other_pickles(files)
    message = f"PEFT only reads `{own}` and ignores {names(found)}"
    advice = "if these weights were trained with the adapter, load them into the base first"
    yield from files_finding(found, message, advice)


RULE = Rule("LC706", "other-weights", "info", GatedCheck([OTHER_FILES], check), __name__)
