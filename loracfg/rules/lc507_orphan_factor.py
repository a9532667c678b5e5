"""A layer has one of its two factors, A without B or B without A.

The update of a layer is B times A. PEFT fills the missing factor with its start value, so the
layer contributes nothing, or noise; since 0.14 it warns of missing keys.

Fires:

    drop layers.1.self_attn.q_proj.lora_B

Passes:

    drop layers.1.self_attn.q_proj

Repair: save the adapter again; the file was written or filtered incompletely.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.adapter.names import Part
from loracfg.rules.rule import Finding, Rule
from loracfg.rules.subject import Subject
from loracfg.rules.wording import subject_of

_PAIRS = (
    (Part.A, Part.B, "lora_A", "lora_B"),
    (Part.B, Part.A, "lora_B", "lora_A"),
    (Part.EMBEDDING_A, Part.EMBEDDING_B, "lora_embedding_A", "lora_embedding_B"),
    (Part.EMBEDDING_B, Part.EMBEDDING_A, "lora_embedding_B", "lora_embedding_A"),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Group layers by the factor that they lack."""
    names, table = subject.adapter.names, subject.adapter.table
    if table.is_even:
        return
    for has, lacks, present, absent in _PAIRS:
        alone = {
            layer.parts[has]: names[layer.parts[has]].bare.replace(present, absent)
            for layer in subject.layers.values()
            if has in layer.parts and lacks not in table.layers[layer.path].parts
        }
        if not alone:
            continue
        name = next(iter(alone))
        yield Finding(
            f"{subject_of(len(alone), 'layer', 'have')} `{present}` but no `{absent}`",
            subject.tensor(name),
            f"save the adapter again, with `{alone[name]}`",
            count=len(alone),
            explains=frozenset((*alone, *alone.values())),
        )


RULE = Rule("LC507", "orphan-factor", "error", check, __name__)
