"""The path of a module holds `weight` or `lora_`, which older releases of PEFT misread.

When PEFT loads an adapter, it puts the adapter's name into the names of the tensors. From 0.3 to
0.17 it did so by replacing text: with `weight` in the path of an adapted module, such as
`weighted_averaging`, or with `lora_` in it, such as `lora_head`, the name came to the wrong place,
and the tensors, which no module then had, were dropped without a word. Up to 0.20 a module that is
saved whole, or a bias, was lost in this way if its path holds `lora_`.

Fires:

    rename self_attn -> weighted_attn
    base none

Fires:

    rename self_attn -> lora_attn
    base none

Passes:

    made with {"r": 4}

Repair: load the adapter with a release of PEFT that the report's `loads_in` names.
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
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for releases in which nothing but this is wrong."""
    losing = [release for release, found in subject.outcomes.items() if _only_misreads(found)]
    names = [name for name in subject.adapter.table.confusing if name.name in subject.open_names]
    lost = [name for name in names if any(is_misread(name, release) for release in losing)]
    if not lost or subject.release in losing:
        return  # LC202 tells of the release that was asked for
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


RULE = Rule("LC524", "confusing-path", "info", Noted([CONFUSING], check), __name__)
