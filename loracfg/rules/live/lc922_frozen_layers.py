"""Some layers of the adapter are frozen, while others are trained.

They stay at their initial values, and the saved adapter changes nothing there. Some methods freeze
one factor of each layer, such as LoRA-FA its `lora_A`; this is not reported.

Fires:

    live {"frozen": "layers.0"}

Passes:

    live {"frozen": "lora_A"}

Passes:

    live {"frozen": "layers.0", "in_training": false}

Repair: train these layers too, or leave them out with `layers_to_transform` or `exclude_modules`.
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
    """Find modules of which no tensor is trained."""
    if not live.in_training or not live.trained:
        return
    names = subject.adapter.names
    trained = {names[name].module for name in live.trained}
    first: dict[str, str] = {}
    for name in live.frozen:
        if names[name].module not in trained:
            first.setdefault(names[name].module, name)
    if first:
        yield Finding(
            f"{with_verb(len(first), 'module', 'are')} frozen while others are trained: "
            f"{listed(first)}",
            subject.tensor(next(iter(first.values()))),
            "train them too, or leave them out with `exclude_modules`",
            count=len(first),
            data=ModulePaths(tuple(first)),
        )


RULE = Rule("LC922", "frozen-layers", "warning", of_live_model(check), __name__)
