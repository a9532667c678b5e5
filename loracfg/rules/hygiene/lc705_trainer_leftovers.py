"""The folder contains the state of a trainer.

It is only needed to resume training. The files are pickles, which can run code when they are
loaded, and `training_args.bin` reveals paths and settings of the machine.

Fires:

    file optimizer.pt x
    file training_args.bin x

Passes:

    file trainer_state.json {}

Repair: remove these files before you publish the adapter.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.folder_files import names, trainer_state
from loracfg.analysis.noted import OTHER_FILES
from loracfg.analysis.subject import Subject
from loracfg.rules.kinds.files import files_finding
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find the trainer's files by their names."""
    found = trainer_state(subject.adapter.files)
    message = f"the folder contains the state of a trainer: {names(found)}"
    advice = "remove the state of the trainer before you publish the adapter"
    return files_finding(found, message, advice)


RULE = Rule("LC705", "trainer-leftovers", "info", GatedCheck([OTHER_FILES], check), __name__)
