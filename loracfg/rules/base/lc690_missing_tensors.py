"""Tensors that the config and the base require are missing from the file.

PEFT leaves these parts at their initial values; PEFT 0.14+ warns about missing keys. For some
parts, such as a saved module, it raises an error.

LC690 to LC692 report what no rule explains: LC690 missing tensors, LC691 unexpected ones, and LC692
those of other shapes. `loracfg validate --trace TENSOR` shows which rules explain a tensor.

Fires:

    made with {"velora_config": {"num_groups": 4}}
    drop lora_velora_embed

Passes:

    made with {"velora_config": {"num_groups": 4}}

Repair: save the adapter again.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import listed, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report missing tensors that no other rule explains."""
    missing = subject.missing
    if not missing or not subject.certain:
        return
    roles = dict.fromkeys(expected.role.value for expected in missing.values())
    first = next(iter(missing))
    yield Finding(
        f"{with_verb(len(missing), 'tensor', 'are')} missing from the file: {listed(roles)}, such "
        f"as `{first}`",
        subject.tensor(first),
        "save the adapter again",
        count=len(missing),
        data=Tensors(tuple(missing)),
        explains=frozenset(missing),
    )


RULE = Rule("LC690", "missing-tensors", "error", GatedCheck([DIFFERENCE], check), __name__)
