"""Every layer has a factor that is zero, so the adapter changes nothing.

A new adapter begins so: it was saved before it was trained, its gradients never reached it, or the
trainer saved another copy than the one that it trained. The base answers as if there were none.
Seen with `--data`.

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

Repair: publish a checkpoint that was trained; `lora_B` differs from zero after one step.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.dead_layers import changes_nothing, known_pairs, part_of_factor
from loracfg.analysis.noted import VALUES
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look whether all layers are zero, and nothing else is there."""
    values = subject.adapter.values
    if values is None or not changes_nothing(subject, values):
        return
    pairs = known_pairs(subject, values)
    parts = dict.fromkeys(part_of_factor(pair, values) for pair in pairs)
    factors = " or ".join(f"`{part}`" for part in parts)
    yield Finding(
        f"{factors} is zero in each of {len(pairs)} layers, so the adapter changes nothing",
        subject.tensor(pairs[0].b),
        "publish a checkpoint that was trained",
        count=len(pairs),
        data=ModulePaths(tuple(pair.layer.module for pair in pairs)),
    )


RULE = Rule("LC432", "untrained-adapter", "error", Noted([VALUES], check), __name__)
