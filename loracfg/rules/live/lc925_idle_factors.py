"""The adapter is in training, but merged or disabled.

PEFT then computes the base alone (a merged adapter is part of its weights), so the factors receive
no gradients.

Fires:

    live {"idle": "merged"}

Fires:

    live {"idle": "disabled"}

Passes:

    live {"idle": "merged", "in_training": false}

Repair: call `unmerge_adapter` or `enable_adapter_layers` before training.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from loracfg.analysis.live_facts import LiveFacts
from loracfg.analysis.subject import Subject
from loracfg.config import CONFIG_NAME
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import Location
from loracfg.rules.kinds.live_models import of_live_model
from loracfg.rules.rule import Finding, Rule

_REMEDIES: Final = {"merged": "unmerge_adapter", "disabled": "enable_adapter_layers"}


class IdleFactors(NamedTuple):
    """Why the factors of an adapter receive no gradients: it is `merged` or `disabled`."""

    why: str


def check(subject: Subject, live: LiveFacts) -> Iterator[Finding]:
    """Report an adapter that changes nothing while it is trained."""
    if live.in_training and live.idle:
        yield Finding(
            f"the adapter is in training, but it is {live.idle}, so it receives no gradients",
            Location(CONFIG_NAME),
            f"call `{_REMEDIES[live.idle]}` before training",
            data=IdleFactors(live.idle),
        )


RULE = Rule("LC925", "idle-factors", "error", of_live_model(check), __name__)
