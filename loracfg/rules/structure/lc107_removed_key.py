"""The config has keys that only PEFT 0.1 and 0.2 knew.

`enable_lora` and `merge_weights` were removed in 0.3.0. Newer releases ignore them or, from 0.6 to
0.13, raise a `TypeError`. Unless `enable_lora` is a list, the adapter means the same without them.
A list means that the tensors are laid out differently, which LC509 reports.

Fires:

    config {"enable_lora": null, "merge_weights": false}

Passes:

    config {"enable_lora": [true, false, true], "merge_weights": false}

Repair: remove the keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.config.reading.config_reading import RemovedKeys, UnknownKey
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report both keys as one finding, since they have one cause: an old release of PEFT."""
    faults = list(subject.faults_of("removed-key"))
    document = subject.adapter.document
    if not faults or document is None or isinstance(document.value.get("enable_lora"), list):
        return
    keys = [fault.data.name for fault in faults if isinstance(fault.data, UnknownKey)]
    has_both = len(keys) > 1
    yield Finding(
        f"{listed(keys)} {'were' if has_both else 'was'} removed after PEFT 0.2",
        faults[0].location,
        "remove the keys" if has_both else "remove the key",
        count=len(keys),
        data=RemovedKeys(tuple(keys)),
        related=tuple(Related(fault.location, "and here") for fault in faults[1:]),
    )


RULE = Rule("LC107", "removed-key", "info", GatedCheck(["removed-key"], check), __name__)
