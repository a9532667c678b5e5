"""An engine that was named with `--for` does not load the adapter.

What it raises is the message on the page of the engine, as far as it is known; some engines raise
only in the first batch, after they have said that the adapter is loaded.

Fires:

    config {"r": 4, "bias": "all"}
    for vllm==0.33

Fires:

    made with {"use_dora": true}
    for llama.cpp

Fires:

    base {"class": "GPT2LMHeadModel"}
    for vllm

Passes:

    made with {"use_rslora": true}
    for vllm==0.33

Repair: what the finding says; most often merge the adapter, or train without the feature.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import VERDICTS
from loracfg.analysis.subject import Subject
from loracfg.rules.kinds.engine_verdicts import findings
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for facts by which an engine raises."""
    return findings(subject, "raises")


RULE = Rule("LC801", "runtime-refuses", "error", Noted([VERDICTS], check), __name__)
