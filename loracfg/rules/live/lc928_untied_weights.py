"""Modules that should share the weight of the input embedding have a weight of their own.

The class of the model ties them, but in the live model they are different tensors: the checkpoint
had both, or a weight was replaced. If the adapter changes one of them, or is merged, a model that
is loaded with tied weights computes something else.

Fires:

    base {"tied": true}
    live {"untied": ["lm_head"]}

Fires:

    base {"tied": true}
    live {"untied": ["lm_head", "model.decoder.embed_tokens"]}

Passes:

    base {"tied": true}
    live {}

Repair: call `model.tie_weights()` before training, or set `tie_word_embeddings` to false in the
config of the base if they are meant to differ.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.phrases import listed
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.report.evidence import ModulePaths
from loracfg.report.report import Location
from loracfg.rules.kinds.live_models import of_live_model
from loracfg.rules.rule import Finding, Rule


def check(subject: Subject, live: LiveFacts) -> Iterator[Finding]:
    """Report tied modules with weights of their own."""
    if live.untied:
        own = "weights of their own" if len(live.untied) > 1 else "a weight of its own"
        verb = "have" if len(live.untied) > 1 else "has"
        yield Finding(
            f"{listed(live.untied)} {verb} {own}, instead of that of the input embedding",
            Location(CONFIG_NAME),
            "call `model.tie_weights()` before training, or set `tie_word_embeddings` to false",
            count=len(live.untied),
            data=ModulePaths(live.untied),
        )


RULE = Rule("LC928", "untied-weights", "info", of_live_model(check), __name__)
