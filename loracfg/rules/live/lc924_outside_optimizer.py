"""The optimizer does not have tensors that should be trained.

They receive gradients but never change. This happens if the optimizer was created before PEFT
wrapped the model, before an adapter was added, or with a filter on names.

Fires:

    live {"not_optimized": "layers.1"}

Fires:

    live {"not_optimized": "."}

Passes:

    live {"not_optimized": "nothing"}

Passes:

    live {"not_optimized": ".", "in_training": false}

Repair: create the optimizer after the adapter, from all parameters that require gradients.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.phrases import with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Tensors
from loracfg.rules.kinds.live_models import of_live_model
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject, live: LiveFacts) -> Iterator[Finding]:
    """Find trained tensors that the optimizer does not have."""
    optimized = live.optimized
    if optimized is None or not live.in_training:
        return
    outside = tuple(name for name in live.trained if name not in optimized)
    if outside:
        yield Finding(
            f"{with_verb(len(outside), 'tensor', 'are')} not in the optimizer, of "
            f"{len(live.trained)} that require gradients",
            subject.tensor(outside[0]),
            "create the optimizer after the adapter, from all parameters that require gradients",
            count=len(outside),
            data=Tensors(outside),
        )


RULE = Rule("LC924", "outside-optimizer", "error", of_live_model(check), __name__)
