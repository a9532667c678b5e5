"""A module path contains `weight` or `lora_`, which older releases of PEFT misread.

When PEFT loads an adapter, it inserts the adapter's name into the tensor names. PEFT 0.3 to 0.17
does this by replacing text. If the path of an adapted module contains `weight`, such as
`weighted_averaging`, or `lora_`, such as `lora_head`, the name ends up in the wrong place, and PEFT
silently drops the tensors, since no module has these names. Up to 0.20, the same happens to biases
and to modules that are saved whole if their path contains `lora_`.

Fires:

    rename self_attn -> weighted_attn
    base none

Fires:

    rename self_attn -> lora_attn
    base none

Passes:

    made with {"r": 4}

Repair: load the adapter with a release of PEFT from the report's `loads_in`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import CONFUSING
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.config.history.releases import specifier
from loracfg.releases.loading import summary
from loracfg.releases.outcome import Effect, Outcome
from loracfg.releases.written_tensors import MISREAD, is_misread
from loracfg.report.evidence import Tensors
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for releases in which only this is wrong."""
    losing = [release for release, found in subject.outcomes.items() if _only_misreads(found)]
    names = [name for name in subject.adapter.table.confusing if name.name in subject.open_names]
    lost = [name for name in names if any(is_misread(name, release) for release in losing)]
    if not lost or subject.release in losing:
        return  # LC202 reports the release that the user named
    paths = sorted({name.module for name in lost})
    yield Finding(
        f"PEFT {specifier(losing)} drops {plural(len(lost), 'tensor')}, since it misreads `lora_`, "
        f"`weight` or `bias` in their paths: {listed(paths, 1)}",
        subject.tensor(lost[0].name),
        f"load the adapter with PEFT {summary(subject.outcomes)['peft']}",
        count=len(lost),
        data=Tensors(tuple(one.name for one in lost)),
    )


def _only_misreads(outcome: Outcome) -> bool:
    serious = [reason.message for reason in outcome.reasons if reason.effect > Effect.DROPS]
    return serious == [MISREAD]


RULE = Rule("LC524", "confusing-path", "info", GatedCheck([CONFUSING], check), __name__)
