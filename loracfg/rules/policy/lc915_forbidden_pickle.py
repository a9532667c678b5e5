"""The folder has pickled files, which the policy forbids.

A pickle can run code when it is loaded. With `no-pickles` in `[policy]`, no file of the folder may
be one: not the weights, not the state of a trainer, and no file that is unused. Web servers and the
Hub are asked for the usual names; others are not checked, so the adapter is undetermined.

Fires:

    policy {"no-pickles": true}
    weights pickled

Fires:

    policy {"no-pickles": true}
    file optimizer.pt x

Passes:

    policy {"no-pickles": true}

Repair: save the weights as safetensors, and remove the other files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.analysis.folder_files import file_location, names
from loracfg.analysis.policy import Policy
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FolderFiles
from loracfg.rules.kinds.policies import restricted
from loracfg.rules.rule import Finding, Rule

_PICKLED: Final = r"(?i)(?!ggml-)[^/]*\.(bin|pt|pth|ckpt|pkl|pickle|joblib)"


def check(subject: Subject, _: Policy) -> Iterator[Finding]:
    """Find pickled files by their names."""
    found = sorted(name for name in subject.adapter.files if re.fullmatch(_PICKLED, name))
    if found:
        yield Finding(
            f"the folder has pickled files, and the policy forbids them: {names(found)}",
            file_location(found[0]),
            "save the weights as safetensors, and remove the other files",
            count=len(found),
            data=FolderFiles(tuple(found)),
        )


RULE = Rule("LC915", "forbidden-pickle", "error", restricted("no_pickles", check), __name__)
