"""The factors of experts are swapped: they were written by a PEFT older than 0.19.1.

PEFT 0.17 to 0.19.0 read the parameter of stacked experts, `(experts, out, in)`, as
`(experts, in, out)`, so A and B have each other's size. Newer releases fail with a size mismatch.
If `in` and `out` are equal, nothing shows the error, and the update is silently transposed.

Fires:

    made with {"target_modules": [], "target_parameters": ["q_proj.weight"]}
    reshape lora_A -> [4, 24]
    reshape lora_B -> [16, 4]

Passes:

    made with {"target_modules": [], "target_parameters": ["q_proj.weight"]}

Repair: load the adapter with the PEFT release that wrote it, or swap A and B and regroup their
experts.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.factor_pairs import SwappedStacks, swapped_stacks
from loracfg.analysis.noted import DIFFERENCE
from loracfg.analysis.phrases import plural, shaped
from loracfg.analysis.subject import Subject
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Find stacks whose factors have swapped outer dimensions."""
    swapped = swapped_stacks(subject)
    if not swapped or subject.plan is None:
        return
    names = [name for layer in swapped for name in layer.names]
    first = swapped[0].parts[Part.A]
    verb = "have" if len(swapped) > 1 else "has"
    yield Finding(
        f"{plural(len(swapped), 'stack')} of experts {verb} swapped factors: A is "
        f"{shaped(subject.shape(first))}, but PEFT 0.19.1 and newer expect "
        f"{shaped(subject.plan.shapes[first])}",
        subject.tensor(first),
        "load the adapter with PEFT 0.17 to 0.19.0, which wrote it",
        count=len(names),
        explains=frozenset(names),
        data=SwappedStacks(
            tuple((layer.module, layer.parts[Part.A], layer.parts[Part.B]) for layer in swapped)
        ),
    )


RULE = Rule("LC605", "expert-orientation", "error", GatedCheck([DIFFERENCE], check), __name__)
