"""The base class gives no input embedding, for which PEFT asks.

PEFT looks for layers that are tied to the input embedding. Since 0.18, with transformers 5, it asks
every model for that embedding whose class declares tied weights and whose config does not say
`"tie_word_embeddings": false`. Many classes for images have tied heads and no such embedding
(RT-DETR, D-FINE, Grounding DINO): they raise a `NotImplementedError`, and no adapter can be made or
loaded.

Fires:

    base {"hides_embeddings": true}

Passes:

    base {"class": "LlamaForCausalLM"}

Repair: load the base, set `model.config.tie_word_embeddings = False`, then load the adapter. The
weights of the base stay tied, since they are tied while it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, Noted, Rule

_KIND: Final = "no-input-embeddings"


def check(subject: Subject) -> Iterator[Finding]:
    """Report the failure of a plan on the class that will be loaded."""
    if subject.plan is None or not subject.certain:
        return
    for failure in subject.plan.failures:
        if failure.kind == _KIND:
            yield Finding(
                f"{failure.message}: PEFT 0.18 and newer raise on it with transformers 5",
                Location("adapter_config.json"),
                "set `model.config.tie_word_embeddings = False` on the loaded base before you load "
                "the adapter",
                data=failure,
            )


RULE = Rule("LC625", "no-input-embeddings", "error", Noted(frozenset({_KIND}), check), __name__)
