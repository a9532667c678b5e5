"""No tensor of the adapter requires gradients, although it is there to be trained.

The adapter is active and its `inference_mode` is false, but something froze it after PEFT had made
it: `requires_grad_(False)` on the whole model, or `load_adapter` without `is_trainable`. Training
then changes nothing, or torch raises "element 0 of tensors does not require grad".

Fires:

    live {"frozen": "."}

Passes:

    live {"frozen": "lora_A"}

Passes:

    live {"frozen": ".", "in_training": false}

Repair: load the adapter with `is_trainable=True`, or call `set_adapter` again after freezing.
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
    """Report an adapter whose tensors are all frozen."""
    if live.in_training and live.frozen and not live.trained:
        yield Finding(
            f"the adapter is in training, but {with_verb(len(live.frozen), 'tensor', 'are')} "
            "frozen and none is trained",
            subject.tensor(live.frozen[0]),
            "load the adapter with `is_trainable=True`, or call `set_adapter` after freezing",
            count=len(live.frozen),
            data=Tensors(live.frozen),
        )


RULE = Rule("LC921", "nothing-trained", "error", of_live_model(check), __name__)
