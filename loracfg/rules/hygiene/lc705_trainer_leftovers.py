"""The folder holds the state of a trainer.

It is for going on with the training; nobody who uses the adapter needs it. The files are pickles,
which can run code in whoever loads them, and `training_args.bin` tells paths and settings of the
machine.

Fires:

    file optimizer.pt x
    file training_args.bin x

Passes:

    file trainer_state.json {}

Repair: leave these files out when the adapter is published.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.folder_files import names, trainer_state
from loracfg.analysis.subject import Subject
from loracfg.rules.kinds.files import of_files
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for the files by name."""
    found = trainer_state(subject.adapter.files)
    message = f"the folder holds the state of a trainer: {names(found)}"
    advice = "leave the state of the trainer out when the adapter is published"
    return of_files(found, message, advice)


RULE = Rule("LC705", "trainer-leftovers", "info", check, __name__)
