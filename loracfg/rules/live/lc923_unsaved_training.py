"""Weights of the base are trained, but PEFT does not save them.

`save_pretrained` writes the tensors of the adapter: factors, `modules_to_save`, and biases if
`bias` says so. What else requires gradients changes during training and is lost. The saved adapter
then computes something else on the base than it did in training.

Fires:

    live {"unsaved": ["model.norm.weight", "lm_head.weight"]}

Passes:

    live {}

Repair: add the modules to `modules_to_save`, or freeze them.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.phrases import listed, with_verb
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import ModulePaths
from loracfg.rules.kinds.live_models import of_live_model
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject, live: LiveFacts) -> Iterator[Finding]:
    """Report parameters that require gradients and are not saved."""
    if live.unsaved:
        yield Finding(
            f"{with_verb(len(live.unsaved), 'parameter', 'are')} trained that PEFT does not save: "
            f"{listed(live.unsaved)}",
            subject.value("/modules_to_save"),
            "add the modules to `modules_to_save`, or freeze them with `requires_grad_(False)`",
            count=len(live.unsaved),
            data=ModulePaths(live.unsaved, "modules_to_save"),
        )


RULE = Rule("LC923", "unsaved-training", "error", of_live_model(check), __name__)
