"""An engine that you named with `--for` loads the adapter but computes something different.

The engine does not warn: the answers are just worse, as if the adapter were badly trained.

Fires:

    made with {"use_rslora": true}
    for sglang

Fires:

    made with {"alpha_pattern": {"v_proj": 32}}
    for vllm==0.31

Fires:

    made with {"r": 4}
    for tgi

Passes:

    made with {"alpha_pattern": {"v_proj": 32}}
    for vllm==0.32

Repair: do what the finding says. If the scale is different, fold the factor into `lora_alpha`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import VERDICTS
from loracfg.analysis.subject import Subject
from loracfg.rules.kinds.engine_verdicts import findings
from loracfg.rules.rule import Finding, GatedCheck, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Report what makes an engine compute something different."""
    return findings(subject, "differs")


RULE = Rule("LC802", "runtime-differs", "error", GatedCheck([VERDICTS], check), __name__)
