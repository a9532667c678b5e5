"""It is unknown what an engine that you named with `--for` does with the adapter.

The adapter has a feature that nobody has tried there, the answer depends on the base and none was
given, or nobody has tried this version. loracfg does not guess. For a version between releases that
were tried, it uses the answer for the release before, and this finding says so.

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

Repair: try a prompt whose answer you know, and compare with PEFT.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loracfg.analysis.noted import VERDICTS
from loracfg.analysis.subject import Subject
from loracfg.report.report import Location
from loracfg.rules.kinds.engine_verdicts import EngineFact
from loracfg.rules.rule import Finding, GatedCheck, Rule

if TYPE_CHECKING:
    from loracfg.runtimes.verdict import Verdict


def check(subject: Subject) -> Iterator[Finding]:
    """Report what is unknown about each engine."""
    for verdict in subject.verdicts:
        data = EngineFact(verdict.runtime.shown, "unknown", (), "")
        for message, advice in _unknowns(verdict):
            yield Finding(message, Location("adapter_config.json"), advice, data=data)


def _unknowns(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Yield a message about what is unknown, and what to do about it."""
    shown, untried = verdict.runtime.shown, verdict.runtime.untried
    if verdict.unknown:
        message = f"it is unknown what {shown} does: {'; '.join(verdict.unknown)}"
        yield message, "compare its answers with PEFT's"
    elif untried:
        yield f"{shown}: {untried}", "compare its answers with PEFT's"
    if verdict.assumed and verdict.answer == "loads":
        yield f"{shown} only loads it if it supports adapters on this base", "pass the base"


RULE = Rule("LC803", "runtime-unknown", "info", GatedCheck([VERDICTS], check), __name__)
