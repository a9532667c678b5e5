"""Tensors in the file are for nothing that the config and the base make.

PEFT ignores them without a word, in every release: if they were trained, that is lost.

Fires:

    tensor base_model.model.model.layers.0.self_attn.rotary.scale F32 [6]

Passes:

    made with {"modules_to_save": ["lm_head"]}

Repair: name the module they belong to in the config, or remove them.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import subject_of
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report what no other rule explains."""
    unexpected = subject.unexpected
    if not unexpected or not subject.certain:
        return
    first = next(iter(unexpected))
    yield Finding(
        f"{subject_of(len(unexpected), 'tensor', 'are')} for nothing that the config and the base "
        f"make, such as `{first}`",
        subject.tensor(first),
        "name the module they belong to in the config, or remove them",
        count=len(unexpected),
        explains=frozenset(unexpected),
        data=Tensors(tuple(unexpected)),
    )


RULE = Rule("LC691", "unexpected-tensors", "error", Noted([DIFFERENCE], check), __name__)
