"""Some layers have a factor that is zero, so they change nothing.

Their gradients were zero in every step. Gradient checkpointing without input gradients stops them
before the first layers, and a target whose output the model does not use gets none in any layer.
Seen with `--data`.

Fires:

    values lora_A 0.5
    values lora_B 0.1
    values layers.0.*lora_B 0

Fires:

    values lora_A 0.5
    values q_proj.lora_B 0.1

Passes:

    values . 0.5

Repair: train again with `model.enable_input_require_grads()`, or without these targets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.adapter.name_table import Pair
from loracfg.analysis.dead_layers import changes_nothing, is_dead, known_pairs, part_of_factor
from loracfg.analysis.noted import VALUES
from loracfg.analysis.phrases import listed, subject_of
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, Noted, Rule

_NUMBER: Final = r"\.(\d{1,9})(?=\.|$)"


def check(subject: Subject) -> Iterator[Finding]:
    """Look for layers that are zero beside others that are not."""
    values = subject.adapter.values
    if values is None or changes_nothing(subject, values):
        return
    pairs = known_pairs(subject, values)
    dead = [pair for pair in pairs if is_dead(pair, values)]
    if not dead:
        return
    factors = sorted({f"`{part_of_factor(pair, values)}`" for pair in dead})
    yield Finding(
        f"{subject_of(len(dead), 'layer', 'have')} a {' or '.join(factors)} that is zero, of "
        f"{len(pairs)}",
        subject.tensor(dead[0].b),
        _advice(dead, [pair for pair in pairs if pair not in dead]),
        count=len(dead),
        data=ModulePaths(tuple(pair.layer.module for pair in dead)),
    )


def _advice(dead: list[Pair], alive: list[Pair]) -> str:
    """Name the likely cause, where the layers tell it."""
    paths, others = [p.layer.module for p in dead], [p.layer.module for p in alive]
    ends, other_ends = ({path.rpartition(".")[2] for path in found} for found in (paths, others))
    if ends.isdisjoint(other_ends):
        return f"check that gradients reach {listed(sorted(ends))}"
    numbers, other_numbers = _numbers(paths), _numbers(others)
    if numbers and other_numbers and max(numbers) < min(other_numbers):
        return "train again with `model.enable_input_require_grads()`"
    return "check that gradients reach these layers"


def _numbers(paths: list[str]) -> list[int]:
    return [int(match[1]) for path in paths if (match := re.search(_NUMBER, path))]


RULE = Rule("LC433", "untrained-layers", "warning", Noted([VALUES], check), __name__)
