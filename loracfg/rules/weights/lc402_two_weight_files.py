"""The folder has weights in both formats.

PEFT loads `adapter_model.safetensors` and does not look at `adapter_model.bin`; releases before
0.4.0 know only the latter. A saver that leaves the other file behind makes one of them stale: which
adapter is served then depends on the reader. Only the first one was judged.

Fires:

    raw adapter_model.bin x

Passes:

    file pytorch_model.bin x

Repair: remove the file that is not of the last training.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.directory import PICKLE_NAME, SAFETENSORS_NAME
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FolderFiles
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for both names."""
    files = subject.adapter.files
    if SAFETENSORS_NAME in files and PICKLE_NAME in files:
        yield Finding(
            f"`{PICKLE_NAME}` lies beside `{SAFETENSORS_NAME}`, and PEFT loads only the latter",
            Location(PICKLE_NAME),
            "remove the file that is not of the last training",
            data=FolderFiles((PICKLE_NAME, SAFETENSORS_NAME)),
        )


RULE = Rule("LC402", "two-weight-files", "warning", check, __name__)
