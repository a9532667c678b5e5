"""Every layer has a factor that is zero, so the adapter changes nothing.

A new adapter starts like this. Either it was saved before it was trained, no gradients reached it,
or the trainer saved a different copy than the one it trained. The model answers like the base. Only
checked with `--data`.

Fires:

    values lora_A 0.5
    values lora_B 0

Passes:

    values lora_A 0.5
    values lora_B 0.1

Passes:

    values lora_A 0.5
    values lora_B 0
    values layers.0.*lora_B 0.1

Repair: publish a trained checkpoint; after one step, `lora_B` is no longer zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.dead_layers import changes_nothing, known_pairs, part_of_factor
from loracfg.analysis.noted import VALUES
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Check whether the update of every layer is zero and nothing else can change the base."""
    values = subject.adapter.values
    if values is None or not changes_nothing(subject, values):
        return
    pairs = known_pairs(subject, values)
    parts = dict.fromkeys(part_of_factor(pair, values) for pair in pairs)
    factors = " or ".join(f"`{part}`" for part in parts)
    yield Finding(
        f"{factors} is zero in each of {len(pairs)} layers, so the adapter changes nothing",
        subject.tensor(pairs[0].b),
        "publish a trained checkpoint",
        count=len(pairs),
        data=ModulePaths(tuple(pair.layer.module for pair in pairs)),
    )


RULE = Rule("LC432", "untrained-adapter", "error", GatedCheck([VALUES], check), __name__)
