"""An engine that you named with `--for` does not load the adapter.

The page of the engine has the message that it raises, if it is known. Some engines only raise in
the first batch, after they reported the adapter as loaded.

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

Repair: do what the finding says. Usually that is to merge the adapter, or to train without the
feature.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import VERDICTS
from loracfg.analysis.subject import Subject
from loracfg.rules.kinds.engine_verdicts import findings
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report what makes an engine raise."""
    return findings(subject, "raises")


RULE = Rule("LC801", "runtime-refuses", "error", GatedCheck([VERDICTS], check), __name__)
