"""PEFT asks the base for its input embedding, but its class does not return one.

PEFT looks for layers that are tied to the input embedding. With transformers 5, PEFT 0.18+ asks a
model for this embedding if its class declares tied weights and its config does not contain
`"tie_word_embeddings": false`. Many image models have tied heads but no input embedding (RT-DETR,
D-FINE, Grounding DINO). They raise a `NotImplementedError`, so no adapter can be created or
loaded.

Fires:

    base {"hides_embeddings": true}

Passes:

    base {"class": "LlamaForCausalLM"}

Repair: load the base, set `model.config.tie_word_embeddings = False`, then load the adapter. The
weights of the base stay tied, because they are tied while the base is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.subject import Subject
from loracfg.report.report import Location
from loracfg.rules.rule import Finding, GatedCheck, Rule

_KIND: Final = "no-input-embeddings"


def check(subject: Subject) -> Iterator[Finding]:
    """Report the failure of the plan if the class that will be loaded is known."""
    if subject.plan is None or not subject.certain:
        return
    for failure in subject.plan.failures:
        if failure.kind == _KIND:
            yield Finding(
                f"{failure.message}, so PEFT 0.18 and newer raise an error with transformers 5",
                Location("adapter_config.json"),
                "set `model.config.tie_word_embeddings = False` on the loaded base before you load "
                "the adapter",
                data=failure,
            )


RULE = Rule(
    "LC625", "no-input-embeddings", "error", GatedCheck(frozenset({_KIND}), check), __name__
)
