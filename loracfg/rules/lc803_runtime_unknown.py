"""It is not known what an engine that was named with `--for` makes of the adapter.

The adapter has a feature that nobody has tried there, the answer depends on the base and none was
given, or the version is another than those that were tried. Nothing is guessed.

Fires:

    made with {"use_rslora": true}
    for vllm==0.99

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

from loracfg.report.model import Location
from loracfg.rules.noted import VERDICTS
from loracfg.rules.rule import Finding, Noted, Rule
from loracfg.rules.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Look for what is not known."""
    for verdict in subject.verdicts:
        if verdict.unknown:
            yield Finding(
                f"what {verdict.runtime.shown} does is not known: {'; '.join(verdict.unknown)}",
                Location("adapter_config.json"),
                "compare its answers with PEFT's",
            )


RULE = Rule("LC803", "runtime-unknown", "info", Noted([VERDICTS], check), __name__)
