"""It is not known what an engine that was named with `--for` makes of the adapter.

The adapter has a feature that nobody has tried there, the answer depends on the base and none was
given, or the version is another than those that were tried. Nothing is guessed. Where only a later
release of a series that was tried is asked for, the answer stands, and this says that it does.

Fires:

    made with {"use_rslora": true}
    for vllm==0.99

Fires:

    for vllm==0.14.1

Fires:

    base none
    for vllm==0.33

Fires:

    made with {"target_modules": ["lm_head"]}
    base none
    for llama.cpp

Passes:

    made with {"use_rslora": true}
    for vllm==0.33

Passes:

    made with {"target_modules": ["lm_head"]}
    for llama.cpp

Repair: try it on a prompt whose answer is known, and compare with PEFT.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loracfg.analysis.noted import VERDICTS
from loracfg.analysis.subject import Subject
from loracfg.report.report import Location
from loracfg.rules.kinds.engine_verdicts import EngineFact
from loracfg.rules.rule import Finding, Noted, Rule

if TYPE_CHECKING:
    from loracfg.runtimes.verdict import Verdict


def check(subject: Subject) -> Iterator[Finding]:
    """Look for what is not known."""
    for verdict in subject.verdicts:
        data = EngineFact(verdict.runtime.shown, "unknown", (), "")
        for message, advice in _said(verdict):
            yield Finding(message, Location("adapter_config.json"), advice, data=data)


def _said(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Yield what is not known of an engine, and what to do about it."""
    shown, untried = verdict.runtime.shown, verdict.runtime.untried
    if verdict.unknown:
        what = f"what {shown} does is not known: {'; '.join(verdict.unknown)}"
        yield what, "compare its answers with PEFT's"
    elif untried:
        yield f"{shown}: {untried}", "compare its answers with PEFT's"
    if verdict.assumed and verdict.answer == "loads":
        yield f"{shown} loads it only if it takes adapters on the base", "give the base"


RULE = Rule("LC803", "runtime-unknown", "info", Noted([VERDICTS], check), __name__)
