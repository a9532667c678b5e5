"""Some layers have a factor that is zero, so they change nothing.

Their gradients were zero in every step. With gradient checkpointing but without input gradients, no
gradients reach the first layers. A target module gets none in any layer if the model does not use
its output. Only checked with `--data`.

Fires:

    values lora_A 0.5
    values lora_B 0.1
    values layers.0.*lora_B 0

Fires:

    values lora_A 0.5
    values q_proj.lora_B 0.1

Passes:

    values . 0.5

Repair: train again after calling `model.enable_input_require_grads()`, or without these targets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from loracfg.adapter.name_table import Pair
from loracfg.analysis.dead_layers import changes_nothing, is_dead, known_pairs, part_of_factor
from loracfg.analysis.noted import VALUES
from loracfg.analysis.phrases import listed, plural
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import ModulePaths
from loracfg.rules.rule import Finding, GatedCheck, Rule

_NUMBER: Final = r"\.(\d{1,9})(?=\.|$)"


def check(subject: Subject) -> Iterator[Finding]:
    """Look for layers with a zero update if other layers have one that is not zero."""
    values = subject.adapter.values
    if values is None or changes_nothing(subject, values):
        return
    pairs = known_pairs(subject, values)
    dead = [pair for pair in pairs if is_dead(pair, values)]
    if not dead:
        return
    factors = sorted({f"`{part_of_factor(pair, values)}`" for pair in dead})
    yield Finding(
        f"{len(dead)} of {plural(len(pairs), 'layer')} "
        f"{'has' if len(dead) == 1 else 'have'} a {' or '.join(factors)} that is zero",
        subject.tensor(dead[0].b),
        _advice(dead, [pair for pair in pairs if pair not in dead]),
        count=len(dead),
        data=ModulePaths(tuple(pair.layer.module for pair in dead)),
    )


def _advice(dead: list[Pair], alive: list[Pair]) -> str:
    """Return what to do about the likely cause, which the paths of the layers may show."""
    paths, others = [p.layer.module for p in dead], [p.layer.module for p in alive]
    ends, other_ends = ({path.rpartition(".")[2] for path in found} for found in (paths, others))
    if ends.isdisjoint(other_ends):
        return f"check that gradients reach {listed(sorted(ends))}"
    numbers, other_numbers = _numbers(paths), _numbers(others)
    if numbers and other_numbers and max(numbers) < min(other_numbers):
        return "train again after calling `model.enable_input_require_grads()`"
    return "check that gradients reach these layers"


def _numbers(paths: list[str]) -> list[int]:
    return [int(match[1]) for path in paths if (match := re.search(_NUMBER, path))]


RULE = Rule("LC433", "untrained-layers", "warning", GatedCheck([VALUES], check), __name__)
