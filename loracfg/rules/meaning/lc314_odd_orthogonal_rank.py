"""`init_lora_weights` is `orthogonal`, but a rank is odd.

The initialisation splits the rank into two halves. PEFT also runs it on loading, and raises
"requires the LoRA rank to be even" (0.16 and newer).

Fires:

    made with {"r": 3}
    config {"init_lora_weights": "orthogonal"}

Fires:

    made with {"rank_pattern": {"v_proj": 5}}
    config {"init_lora_weights": "orthogonal"}

Passes:

    made with {"init_lora_weights": "orthogonal", "r": 4}

Repair: set `init_lora_weights` to `true`. The tensors in the file replace the initial values.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.adapter.tensor_names import Part
from loracfg.analysis.noted import changed
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import FieldValue
from loracfg.report.report import Related
from loracfg.rules.rule import Finding, GatedCheck, Rule

_FAILURE: Final = "odd-orthogonal-rank"


def check(subject: Subject) -> Iterator[Finding]:
    """Look for an odd rank among the modules, or in `r` if no module is known."""
    config = subject.config
    if config is None or config.init_lora_weights != "orthogonal":
        return
    if not subject.gives("r", "rank_pattern", "init_lora_weights"):
        return
    if subject.plan and not any(f.kind == _FAILURE for f in subject.plan.failures):
        return
    ranks = {subject.settings[module].rank for module in _initialised_modules(subject)}
    if not subject.settings and not config.rank_pattern:
        ranks = {config.r}
    odd = next((rank for rank in sorted(ranks) if rank % 2), None)
    if odd is None:
        return
    field = "r" if odd == config.r else "rank_pattern"
    yield Finding(
        f'`init_lora_weights` is `"orthogonal"`, which needs an even rank, but a rank is `{odd}`',
        subject.value("/init_lora_weights"),
        "set it to `true`; the tensors in the file replace the initial values",
        related=(Related(subject.value(f"/{field}"), "the rank is given here"),),
        data=FieldValue("/init_lora_weights", config.init_lora_weights, True),
    )


def _initialised_modules(subject: Subject) -> Iterator[str]:
    """Yield the modules that it initialises: no embeddings and no convolutions."""
    for layer in subject.adapter.table.layers.values():
        factor = layer.parts.get(Part.A)
        if factor and len(subject.shape(factor)) < 3 and layer.module in subject.settings:
            yield layer.module


RULE = Rule(
    "LC314",
    "odd-orthogonal-rank",
    "error",
    GatedCheck([changed("init_lora_weights")], check),
    __name__,
)
