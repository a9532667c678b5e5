"""The folder has weights in both formats.

PEFT loads `adapter_model.safetensors` and ignores `adapter_model.bin`; releases before 0.4.0 only
read the latter. If a tool saves one file and leaves the other one in place, that one is stale, and
which adapter is served depends on the reader. loracfg only checks `adapter_model.safetensors`.

Fires:

    raw adapter_model.bin x

Passes:

    file pytorch_model.bin x

Repair: remove the file that is not from the last training run.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.analysis.noted import OTHER_FILES
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FolderFiles
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for files with both names."""
    files = subject.adapter.files
    if SAFETENSORS_NAME in files and PICKLE_NAME in files:
        yield Finding(
            f"`{PICKLE_NAME}` is next to `{SAFETENSORS_NAME}`, and PEFT only loads the latter",
            Location(PICKLE_NAME),
            "remove the file that is not from the last training run",
            data=FolderFiles((PICKLE_NAME, SAFETENSORS_NAME)),
        )


RULE = Rule("LC402", "two-weight-files", "warning", GatedCheck([OTHER_FILES], check), __name__)
