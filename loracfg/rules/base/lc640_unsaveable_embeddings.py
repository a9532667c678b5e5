"""PEFT raises when it saves the adapter, because the base does not return its embeddings.

If a target has the name of an embedding or output layer (`lm_head`, `embed_tokens`), PEFT saves the
embeddings of the base too, and asks its class for them. Some classes with several models inside
raise a `NotImplementedError` then (Qwen2.5-Omni), at the first save. Adapters that were saved
otherwise load, so `loracfg validate` does not report this.

Fires:

    planned
    base {"raises_for_embeddings": true}
    config {"target_modules": ["q_proj", "lm_head"]}

Passes:

    planned
    base {"raises_for_embeddings": true}
    config {"target_modules": ["q_proj", "v_proj"]}

Passes:

    base {"raises_for_embeddings": true}
    made with {"target_modules": ["q_proj", "lm_head"]}

Repair: save with `save_pretrained(..., save_embedding_layers=False)`, or leave out the targets.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import LIVE, PLANNED
from loracfg.analysis.subject import Subject
from loracfg.report.evidence import Classes
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report targets for which PEFT saves embeddings that the class does not return."""
    plan = subject.plan
    if plan is None or not subject.is_yet_to_train or not subject.certain:
        return
    if plan.saves_embeddings and plan.base.raises_for_embeddings:
        yield Finding(
            f"`target_modules` has the name of an embedding, but `{plan.base.class_name}` does not "
            "return its embeddings, so PEFT raises when it saves the adapter",
            subject.value("/target_modules"),
            "save with `save_embedding_layers=False`, or leave out the embedding",
            data=Classes(None, plan.base.class_name),
        )


RULE = Rule("LC640", "unsaveable-embeddings", "error", GatedCheck([LIVE, PLANNED], check), __name__)
