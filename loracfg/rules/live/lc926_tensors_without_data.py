"""Tensors of the adapter are on the meta device, while the base has data.

A tensor on the meta device has a shape but no values. `low_cpu_mem_usage` creates factors like
this, and the values have to be loaded next. If they are not, the first step or the first save
raises.

Fires:

    live {"without_data": "layers.1"}

Passes:

    live {}

Repair: load the values, or create the adapter without `low_cpu_mem_usage`.
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
    """Report tensors without data."""
    if live.without_data:
        yield Finding(
            f"{with_verb(len(live.without_data), 'tensor', 'are')} on the meta device, without "
            "data",
            subject.tensor(live.without_data[0]),
            "load the values, or create the adapter without `low_cpu_mem_usage`",
            count=len(live.without_data),
            data=Tensors(live.without_data),
        )


RULE = Rule("LC926", "tensors-without-data", "error", of_live_model(check), __name__)
