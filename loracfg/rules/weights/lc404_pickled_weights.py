"""The weights are a pickle, `adapter_model.bin`.

A pickle can run code when it is loaded. This one only imports what tensors need, but careful
readers reject the format, and some serving engines only read safetensors. PEFT has saved
safetensors by default since 0.7.0.

Fires:

    weights pickled

Passes:

    made with {"r": 4}

Repair: load the adapter with PEFT and save it again.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.directory import PICKLE_NAME
from loracfg.analysis.noted import OTHER_FILES
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FolderFiles
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for pickled weights that could be read."""
    adapter = subject.adapter
    if adapter.weights == PICKLE_NAME and adapter.header is not None:
        yield Finding(
            f"the weights are a pickle, `{PICKLE_NAME}`, a format that can hold code",
            Location(PICKLE_NAME),
            "load the adapter with PEFT and save it again, which writes safetensors",
            data=FolderFiles((PICKLE_NAME,)),
        )


RULE = Rule("LC404", "pickled-weights", "warning", GatedCheck([OTHER_FILES], check), __name__)
