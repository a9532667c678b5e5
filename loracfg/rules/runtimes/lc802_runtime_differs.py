"""An engine that was named with `--for` loads the adapter, but computes something else.

It says nothing of it: the answers are only worse, as if the adapter were trained badly.

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

Repair: what the finding says; where the scale is another, give `lora_alpha` the factor.
"""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.analysis.noted import VERDICTS
from loracfg.analysis.subject import Subject
from loracfg.rules.kinds.engine_verdicts import findings
from loracfg.rules.rule import Finding, Noted, Rule


def check(subject: Subject) -> Iterator[Finding]:
    """Look for facts by which an engine computes something else."""
    return findings(subject, "differs")


RULE = Rule("LC802", "runtime-differs", "error", Noted([VERDICTS], check), __name__)
